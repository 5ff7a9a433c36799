import type { Json } from "./operation.ts";

/** Own field of an object, `undefined` where the value is no object or has no such field of its own. */
export function fieldOf(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const object = value as Readonly<Record<string, Json>>;
  // What an object inherits is a function, or reached by this name; asking for each field would be slow.
  if (name === "__proto__" && !Object.hasOwn(object, name)) return undefined;
  const field = object[name];
  return typeof field === "function" ? undefined : field;
}

/** Is this a list of exactly two values? */
export function isPair(value: Json | undefined): value is readonly [Json, Json] {
  return Array.isArray(value) && value.length === 2;
}

/** Are two JSON values the same? The order of an object's fields does not matter. Linear. */
export function isSameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!isSameJson(a[i], b[i])) return false;
    return true;
  }
  const left = a as Readonly<Record<string, Json>>;
  const right = b as Readonly<Record<string, Json>>;
  // Such a loop makes no list of names, which would be most of the work.
  let more = 0;
  for (const name in left) {
    more++;
    // What an object inherits is a function, which no value equals, or reached by this name.
    if (name === "__proto__" && !Object.hasOwn(right, name)) return false;
    if (!isSameJson(left[name], right[name])) return false;
  }
  for (const _name in right) more--;
  return more === 0;
}

/**
 * A primitive that is equal for two JSON values exactly if they are the same: for use in a `Map`.
 * Numbers, booleans and null stand for themselves, and so do strings unless they could be taken for the
 * text of a list or an object. Linear, n log n in the fields of an object.
 */
export function identityOf(value: Json): string | number | boolean | null {
  if (typeof value === "string")
    return value.charCodeAt(0) === mark ? String.fromCharCode(mark) + value : value;
  if (typeof value !== "object" || value === null) return value;
  return String.fromCharCode(mark) + sortedText(value);
}

/** First character of the text of lists and objects, and the escape of strings that begin with it. */
const mark = 0;

function sortedText(value: Json): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return `${value}`;
  if (Array.isArray(value)) return `[${value.map(sortedText).join()}]`;
  const object = value as Readonly<Record<string, Json>>;
  let text = "";
  for (const name of Object.keys(object).sort()) {
    text += `${text === "" ? "{" : ","}${JSON.stringify(name)}:${sortedText(object[name]!)}`;
  }
  return text === "" ? "{}" : `${text}}`;
}
