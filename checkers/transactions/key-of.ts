import { identityOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";

/** First character of the text of a key that is neither a number nor a text. */
const keyMark = "\u0000";

/** A key as a number or a text: a list, say, is one by its own text, behind a mark that sets it apart. */
export function keyOf(key: Json): string | number {
  const identity = identityOf(key);
  return typeof identity === "string" || typeof identity === "number" ? identity : `${keyMark}${identity}`;
}
