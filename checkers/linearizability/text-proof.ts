import { operationName } from "../history/describe-operation.ts";
import type { History } from "../history/history.ts";
import { placedText, type Unplaced } from "./first-unplaced.ts";
import type { ObjectCalls } from "./object-calls.ts";
import type { TextCalls } from "./text-calls.ts";
import type { TextBlock, TextFlaw } from "./text-flaw.ts";

/** Characters at each end of a text that is shortened. */
const endLength = 40;

/** Why a call on a text has no place, in words. */
export function textProof(
  history: History,
  calls: ObjectCalls,
  texts: TextCalls,
  found: Unplaced,
  flaw: TextFlaw,
): string {
  const call = (at: number): string =>
    at < 0 ? "there at the start" : operationName(history, calls.row[at]!);
  const before = placedText(found, "kv", operationName(history, history.mate[found.row]!));
  return `${before}, but there is no order with it: ${flawText(calls, texts, flaw, call)}`;
}

function flawText(
  calls: ObjectCalls,
  { writes }: TextCalls,
  flaw: TextFlaw,
  call: (at: number) => string,
): string {
  const write = (at: number): string => `${quoted(writes[at]!.text)} (${call(writes[at]!.call)})`;
  switch (flaw.kind) {
    case "unsent":
      return `get answered ${answer(calls, flaw.call)}, which cannot be put together of what had been sent by then`;
    case "repeated":
      return `get answered ${answer(calls, flaw.call)}, which shows ${write(flaw.write)} in a second place`;
    case "other":
      return `get answered ${answer(calls, flaw.call)}, but other texts were shown after ${write(flaw.write)}`;
    case "reversed":
      return `by the texts that were shown ${call(flaw.earlier)} came before ${call(flaw.later)}, which had returned before it was sent`;
    case "crossed": {
      const [first, second] = [flaw.first, flaw.second].map((block) =>
        block.write === 0 ? "what was there at the start" : `what ${write(block.write)} wrote`,
      );
      const before = `${first} was there before ${second}${because(flaw.first, flaw.second, call)}`;
      return `${before}, and also after it${because(flaw.second, flaw.first, call)}`;
    }
  }
}

function because(first: TextBlock, second: TextBlock, call: (at: number) => string): string {
  // What was there at the start is before everything else.
  if (first.byCall < 0) return "";
  return `, as ${call(first.byCall)} returned before ${call(second.fromCall)} was sent`;
}

function answer(calls: ObjectCalls, call: number): string {
  const { output } = calls.calls[call]!;
  return quoted(typeof output === "string" ? output : "");
}

/** Both ends: texts that differ mostly differ there. */
function quoted(text: string): string {
  const isShort = text.length <= 2 * endLength;
  return JSON.stringify(
    isShort ? text : `${text.slice(0, endLength)} … ${text.slice(-endLength)} (${text.length} characters)`,
  );
}
