import type { ModelCall } from "../linearizability-model.ts";

/**
 * In which order writes of a text probably took effect: in that in which their texts show in what was read.
 * What nobody saw probably came just before a `put` that wiped it away. About linear, as long as most
 * texts are seen soon.
 */
export function likelyTextOrder(
  calls: readonly ModelCall[],
  invoked: Float64Array,
  returned: Float64Array,
): Float64Array {
  const order = Float64Array.from(returned);
  const gets = calls.flatMap(({ f, isAnswered }, call) => (f === "get" && isAnswered ? [call] : []));
  gets.sort((a, b) => returned[a]! - returned[b]!);
  const puts: number[] = [];
  let unseen: number[] = [];
  let sent = 0;
  let before = "";
  for (const get of gets) {
    for (; sent < calls.length && invoked[sent]! < returned[get]!; sent++) {
      if (calls[sent]!.f !== "get" && textOf(calls[sent]!) !== "") unseen.push(sent);
    }
    const output = calls[get]!.output;
    const text = typeof output === "string" ? output : "";
    // What was read by somebody who was sent on his way before shows nothing new.
    if (before.startsWith(text)) continue;
    const isLonger = text.startsWith(before);
    const part = isLonger ? text.slice(before.length) : text;
    before = text;
    unseen = unseen.filter((call) => {
      const at = placeOf(calls[call]!, part, isLonger);
      if (at < 0) return true;
      order[call] = returned[get]! - 1 + (at + 1) / (part.length + 2);
      if (calls[call]!.f === "put") puts.push(order[call]!);
      return false;
    });
  }
  puts.sort((a, b) => a - b);
  for (const call of unseen) {
    const wiped = puts[firstNotBelow(puts, invoked[call]!)];
    if (wiped !== undefined) order[call] = wiped - 1e-6;
  }
  return order;
}

/** Where in what is new the text of a write shows; −1. A `put` shows at the start of a text that replaced another. */
function placeOf(call: ModelCall, part: string, isLonger: boolean): number {
  if (call.f === "append") return part.indexOf(textOf(call));
  return !isLonger && part.startsWith(textOf(call)) ? 0 : -1;
}

function textOf({ input }: ModelCall): string {
  return typeof input === "string" ? input : "";
}

function firstNotBelow(sorted: readonly number[], least: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
