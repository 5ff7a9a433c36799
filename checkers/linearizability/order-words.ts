import { operationName, sessionName, valueText } from "../history/describe-operation.ts";
import { type History, INVOKE, OK } from "../history/history.ts";
import type { Unplaced } from "./first-unplaced.ts";
import type { PlacedOrder, TriedPlace } from "./placed-order.ts";
import { stateText } from "./state-text.ts";

/** Calls of an order that are told, the last ones. */
export const orderTold = 20;

/** Characters of the calls of an order, where more than one is told. */
const charactersTold = 1600;

/**
 * An order in words, and why the call that has no place has none in it: `One such order: operation 0 (client 1: write 5);
 * after it the register is 5. There operation 4 (client 2: read answered 3) has no place: at its end the register is 5
 * since operation 0`.
 */
export function orderText(history: History, order: PlacedOrder, found: Unplaced): string {
  const told = lastThatFit(order.rows.slice(-orderTold).map((row) => callText(history, row, found.row - 1)));
  const left = order.rows.length - told.length;
  const more = left > 0 ? `${left} ${left === 1 ? "call" : "calls"}, then ` : "";
  const calls = `${more}${told.join(", ")}`;
  const call = callText(history, history.mate[found.row]!, found.row);
  const places = order.tried.map((place) => placeText(history, order, place, found));
  const others = order.untried > 0 ? `; nor has it one in ${order.untried} places before` : "";
  const what =
    order.rows.length === 0
      ? `At the start the ${order.object} is ${stateText(order.state)}`
      : `One such order: ${calls}; after it the ${order.object} is ${stateText(order.state)}`;
  return `. ${what}. There ${call} has no place: ${places.join("; ")}${others}`;
}

/** The last of these texts that are not too long together, at least one. */
function lastThatFit(texts: readonly string[]): readonly string[] {
  let characters = 0;
  const first = texts.findLastIndex((text) => {
    characters += text.length;
    return characters > charactersTold;
  });
  return texts.slice(Math.min(first + 1, texts.length - 1));
}

function placeText(history: History, order: PlacedOrder, place: TriedPlace, found: Unplaced): string {
  const isLast = place === order.tried.at(-1);
  const after = place.after < 0 ? "at its start" : `after ${operationName(history, place.after)}`;
  const where = isLast ? "at its end" : after;
  if (place.refused === history.mate[found.row]) {
    const since = place.since < 0 ? "" : ` since ${operationName(history, place.since)}`;
    return `${where} the ${order.object} is ${stateText(place.state)}${since}`;
  }
  return `${where} it would leave none for ${callText(history, place.refused, found.row)}`;
}

/** `operation 4 (client 2: read answered 3)`: a call by the row of its invocation, as much as was known up to a row. */
export function callText(history: History, row: number, until: number): string {
  const mate = history.mate[row]!;
  const isKnown = mate >= 0 && mate <= until && history.type[mate] === OK;
  const asked = history.type[row] === INVOKE ? history.value[row] : undefined;
  const input = (asked ?? null) === null ? "" : ` ${valueText(asked)}`;
  const answered = isKnown ? history.value[mate] : undefined;
  const output = !isKnown
    ? ", not yet answered"
    : answered === undefined
      ? ""
      : ` answered ${valueText(answered)}`;
  const f = history.functions[history.f[row]!]!;
  return `${operationName(history, row)} (${sessionName(history, row)}: ${f}${input}${output})`;
}
