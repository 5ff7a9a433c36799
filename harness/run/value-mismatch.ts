import { excerptOfValue } from "../../checkers/history/excerpt.ts";
import type { Json } from "../../checkers/history/operation.ts";
import {
  type FieldForms,
  isList,
  isObject,
  kindOf,
  type ObjectForm,
  type Scalar,
  type ScalarForm,
  type ValueForm,
} from "./value-form.ts";

/** Where a value differs from its form, and how. */
export interface ValueMismatch {
  /** From the value inwards: `.do`, `.lines[2]`; empty for the value itself. */
  readonly path: string;
  /** `it is missing`, or what was expected and what was found. */
  readonly what: string;
}

/** Choices that a message lists. */
const CHOICES_SHOWN = 8;

const kindNames: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  boolean: "true or false",
  null: "null",
};

/** The first place at which a value differs from a form; null where it has that form. Linear in the value's size. */
export function mismatchOf(form: ValueForm, value: Json): ValueMismatch | null {
  if (isList(value) && form.list !== null) {
    for (const [i, element] of value.entries()) {
      const inner = mismatchOf(form.list, element);
      if (inner !== null) return within(`[${i}]`, inner);
    }
    return null;
  }
  if (isObject(value) && form.object !== null) return objectMismatch(form.object, value);
  if (!isList(value) && !isObject(value) && form.scalar !== null && fits(form.scalar, value)) return null;
  return { path: "", what: `expected ${expectedOf(form)}, found ${excerptOfValue(value)}` };
}

function objectMismatch({ tag, fields }: ObjectForm, value: { readonly [field: string]: Json }) {
  if (tag === null) return fieldsMismatch(fields, value);
  if (!Object.hasOwn(value, tag.field)) return missing(tag.field);
  const sort = tag.sorts.get(value[tag.field] ?? null);
  return fieldsMismatch(sort ?? fields, value);
}

function fieldsMismatch({ forms, required }: FieldForms, value: { readonly [field: string]: Json }) {
  for (const [field, inner] of Object.entries(value)) {
    const form = forms.get(field);
    if (form === undefined) return at(field, "there is no such field");
    const mismatch = mismatchOf(form, inner);
    if (mismatch !== null) return within(`.${field}`, mismatch);
  }
  for (const field of required) if (!Object.hasOwn(value, field)) return missing(field);
  return null;
}

function missing(field: string): ValueMismatch {
  return at(field, "it is missing");
}

function at(field: string, what: string): ValueMismatch {
  return { path: `.${field}`, what };
}

function within(step: string, { path, what }: ValueMismatch): ValueMismatch {
  return { path: step + path, what };
}

function fits({ all, kinds, whole }: ScalarForm, value: Scalar): boolean {
  if (all !== null) return all.has(value);
  return kinds.has(kindOf(value)) && (typeof value !== "number" || !whole || Number.isInteger(value));
}

function expectedOf({ scalar, list, object }: ValueForm): string {
  const ways: string[] = [];
  if (scalar?.all != null) ways.push(...[...scalar.all].sort().map((value) => JSON.stringify(value)));
  else if (scalar !== null) {
    for (const kind of scalar.kinds) {
      ways.push(kind === "number" && scalar.whole ? "a whole number" : (kindNames[kind] ?? kind));
    }
  }
  const shown = ways.slice(0, CHOICES_SHOWN);
  if (ways.length > shown.length) shown.push(`one of ${ways.length - shown.length} more`);
  if (list !== null) shown.push("a list");
  if (object !== null) shown.push("an object");
  const last = shown.pop() ?? "nothing";
  return shown.length === 0 ? last : `${shown.join(", ")} or ${last}`;
}
