import type { Json } from "../history/operation.ts";
import { notEdn } from "./edn-problem.ts";

/** Characters that have a name after the backslash. */
const namedCharacters: ReadonlyMap<string, string> = new Map([
  ["newline", "\n"],
  ["return", "\r"],
  ["space", " "],
  ["tab", "\t"],
  ["formfeed", "\f"],
  ["backspace", "\b"],
]);

const escapes: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["f", "\f"],
  ["b", "\b"],
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
]);

/** The text of a character literal, given what follows the backslash. @throws EdnProblem */
export function characterOf(token: string): string {
  const named = namedCharacters.get(token);
  if (named !== undefined) return named;
  if (/^u[0-9a-fA-F]{4}$/.test(token)) return String.fromCharCode(Number.parseInt(token.slice(1), 16));
  if (/^o[0-7]{1,3}$/.test(token)) return String.fromCharCode(Number.parseInt(token.slice(1), 8));
  if ([...token].length === 1) return token;
  throw notEdn("a character such as \\a or \\newline", `\\${token.slice(0, 20)}`);
}

/** The inside of a string literal with its escapes resolved. @throws EdnProblem */
export function unescaped(inside: string): string {
  return inside.replace(/\\(u[0-9a-fA-F]{4}|[0-7]{1,3}|[\s\S])/g, (_, sign: string) => {
    if (sign.length === 5) return String.fromCharCode(Number.parseInt(sign.slice(1), 16));
    const plain = escapes.get(sign);
    if (plain !== undefined) return plain;
    if (/^[0-7]/.test(sign)) return String.fromCharCode(Number.parseInt(sign, 8));
    throw notEdn("a known escape in a string", `\\${sign}`);
  });
}

/**
 * The value of a token that is neither string, keyword nor collection: a number, nil, true, false, or a
 * symbol, which is its name. Whole numbers that JavaScript cannot hold exactly stay text, so that two of
 * them are never taken for one.
 */
export function atomOf(token: string): Json {
  if (token === "nil") return null;
  if (token === "true") return true;
  if (token === "false") return false;
  return numberOf(token) ?? token;
}

function numberOf(token: string): number | string | null {
  if (/^[+-]?\d+[Nn]?$/.test(token)) {
    const digits = /[Nn]$/.test(token) ? token.slice(0, -1) : token;
    const number = Number(digits);
    return Number.isSafeInteger(number) ? number : digits.replace(/^\+/, "");
  }
  if (/^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?M?$/.test(token)) {
    const number = Number(token.replace(/M$/, ""));
    return Number.isFinite(number) ? number : token;
  }
  const [, over, under] = /^([+-]?\d+)\/(\d+)$/.exec(token) ?? [];
  if (over !== undefined && under !== undefined && Number(under) !== 0) {
    const ratio = Number(over) / Number(under);
    return Number.isFinite(ratio) ? ratio : token;
  }
  const [, sign, hex] = /^([+-]?)0[xX]([0-9a-fA-F]{1,13})$/.exec(token) ?? [];
  return hex === undefined ? null : Number(`${sign}1`) * Number.parseInt(hex, 16);
}
