import type { Json } from "../history/operation.ts";
import type { JepsenSyntax } from "./jepsen-reader.ts";

/** One map of a Jepsen history; fields that are undefined are left out. */
export type JepsenMap = Readonly<Record<string, Json | undefined>>;

/** Fields whose values are names, which EDN writes as keywords. */
const names: ReadonlySet<string> = new Set(["type", "f"]);

/** The map on one line, without a line end. Same map, same bytes. */
export function jepsenText(map: JepsenMap, syntax: JepsenSyntax): string {
  if (syntax === "json") return JSON.stringify(map);
  let text = "";
  for (const [name, value] of Object.entries(map)) {
    if (value === undefined) continue;
    const isName = names.has(name) && typeof value === "string";
    text += `${text === "" ? "{" : ", "}:${name} ${isName ? keyword(value) : edn(value)}`;
  }
  return text === "" ? "{}" : `${text}}`;
}

/** A JSON value as EDN. Operations within a transaction begin with a keyword. */
function edn(value: Json): string {
  if (value === null) return "nil";
  if (typeof value === "string") return ednString(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map((entry, at) => listed(value, entry, at)).join(" ")}]`;
  const fields = Object.entries(value as Readonly<Record<string, Json>>);
  return `{${fields.map(([name, field]) => `${ednKey(name)} ${edn(field)}`).join(", ")}}`;
}

/** The name of an operation within a transaction is a keyword, as Elle reads it. */
function listed(list: readonly Json[], entry: Json, at: number): string {
  const isOperation = at === 0 && list.length === 3 && isMicroName(entry);
  return isOperation ? `:${entry as string}` : edn(entry);
}

function isMicroName(entry: Json): boolean {
  return entry === "r" || entry === "w" || entry === "append";
}

/** Accounts and the like are numbers in Jepsen; JSON can name a field by a string only. */
function ednKey(name: string): string {
  if (/^(0|-?[1-9]\d{0,14})$/.test(name)) return name;
  return /^[a-zA-Z][\w-]*$/.test(name) ? `:${name}` : ednString(name);
}

/** A keyword where the name can be one, else a string. */
function keyword(name: string): string {
  return /^[a-zA-Z*!?<>=_][\w*!?<>=.-]*$/.test(name) ? `:${name}` : ednString(name);
}

/** EDN has the escapes of JSON but `\/`, and no others; JSON writes control characters as `\uXXXX`. */
function ednString(text: string): string {
  return JSON.stringify(text);
}
