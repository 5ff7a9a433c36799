import type { Json, Operation, RecordEvent } from "../../checkers/history/operation.ts";
import { visibleText } from "./visible-text.ts";

const BARE_NAME = /^[A-Za-z_$][\w$]*$/;
const DEPTH_MAX = 12;
/** Longer texts than this are no help to a reader; the history has them in full. */
const TEXT_LENGTH_MAX = 1000;

/** A value on one line, shorter than JSON: `{version: 3, name: "Ada"}`. */
export function valueText(value: Json, depth: number = 0): string {
  if (typeof value === "string") return visibleText(JSON.stringify(value));
  if (value === null || typeof value !== "object") return String(value);
  if (depth === DEPTH_MAX) return "…";
  if (Array.isArray(value)) {
    return `[${(value as readonly Json[]).map((item) => valueText(item, depth + 1)).join(", ")}]`;
  }
  const members = Object.entries(value).map(([name, member]) => {
    const label = BARE_NAME.test(name) ? name : visibleText(JSON.stringify(name));
    return `${label}: ${valueText(member, depth + 1)}`;
  });
  return `{${members.join(", ")}}`;
}

/** What was asked for or recorded: `update user/7 {expected: 2}`. */
export function requestText(operation: Operation | RecordEvent): string {
  const parts = [visibleText(operation.f)];
  if (operation.key !== undefined) parts.push(visibleText(operation.key));
  if (operation.value !== undefined && operation.value !== null) parts.push(valueText(operation.value));
  return shorten(parts.join(" "), TEXT_LENGTH_MAX);
}

/** How it ended, without the value that only repeats the request: `ok {version: 3}`, `fail conflict`. */
export function answerText(operation: Operation, request: Operation): string {
  const parts: string[] = [operation.type];
  if (operation.error !== undefined) {
    const { code, message } = operation.error;
    parts.push(visibleText(message === undefined || message === code ? code : `${code}: ${message}`));
  }
  if (operation.value !== undefined && operation.value !== null) {
    const text = valueText(operation.value);
    const asked = request.value === undefined ? null : valueText(request.value);
    if (text !== asked) parts.push(text);
  }
  return shorten(parts.join(" "), TEXT_LENGTH_MAX);
}

/** At most `length` characters; what is cut is shown as `…`. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  // No character takes more than two units: this much is enough, however long the text is.
  const characters = [...text.slice(0, 2 * length + 2)];
  if (characters.length <= length) return text;
  return length < 1 ? "" : `${characters.slice(0, length - 1).join("")}…`;
}
