import { INVOKE } from "../history/history.ts";
import { placeNumber } from "../history/source-lines.ts";
import type { TimedPart } from "./timed-part.ts";

/** The lines of one or more files in the order of their times. */
export interface TimeOrder {
  /** Entries in that order; each is a position in the columns below. */
  readonly order: Uint32Array;
  /** By entry: which part it is of. */
  readonly part: Uint16Array;
  /** By entry: the row of the part's transcript, or −1 − the position in its other lines. */
  readonly row: Int32Array;
  readonly time: Float64Array;
  /** The place of the first line without a time in each part that has one, and how many there are. */
  readonly missing: readonly { readonly place: number; readonly count: number }[];
}

/**
 * Sorts all lines by time; lines of one time keep the order of the files and of their lines, but that calls begin before any other ends:
 * what happened within one tick of the clock is not said to be one after the other. Faults and phases stand before what clients
 * did at that time. n log n; 18 bytes a line.
 */
export function orderByTime(parts: readonly TimedPart[]): TimeOrder {
  const length = parts.reduce((sum, { read, others }) => sum + read.transcript.length + others.length, 0);
  const part = new Uint16Array(length);
  const row = new Int32Array(length);
  const time = new Float64Array(length);
  const missing: { place: number; count: number }[] = [];
  let entry = 0;
  for (const [which, timed] of parts.entries()) {
    const { transcript } = timed.read;
    const gap = { place: 0, count: 0 };
    const take = (of: number, at: number, line: number): void => {
      part[entry] = which;
      row[entry] = of;
      time[entry++] = at;
      if (Number.isNaN(at) && gap.count++ === 0) gap.place = placeNumber(which, line);
    };
    let other = 0;
    for (let at = 0; at <= transcript.length; at++) {
      for (let next = timed.others[other]; next?.before === at; next = timed.others[++other]) {
        take(-1 - other, next.hasTime ? next.event.time : Number.NaN, next.line);
      }
      if (at < transcript.length) take(at, transcript.time[at]!, transcript.line[at]!);
    }
    if (gap.count > 0) missing.push(gap);
  }
  const order = Uint32Array.from({ length }, (_, at) => at);
  if (missing.length === 0) {
    if (!isSorted(time)) order.sort((a, b) => time[a]! - time[b]! || a - b);
    untie({ order, part, row, time, missing }, parts);
  }
  return { order, part, row, time, missing };
}

function isSorted(time: Float64Array): boolean {
  for (let at = 1; at < time.length; at++) if (time[at]! < time[at - 1]!) return false;
  return true;
}

/** Puts the lines of one time in order: those of no client, calls that can begin, the others. */
function untie(ordered: TimeOrder, parts: readonly TimedPart[]): void {
  const { order, time } = ordered;
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && time[order[end]!] === time[order[start]!]) end++;
    if (end - start > 1) untieGroup(order.subarray(start, end), ordered, parts);
    start = end;
  }
}

function untieGroup(group: Uint32Array, { part, row }: TimeOrder, parts: readonly TimedPart[]): void {
  const seen = new Set<number>();
  const ranked: [rank: number, entry: number][] = [];
  for (const entry of group) {
    const which = part[entry]!;
    const own = row[entry]!;
    const { transcript } = parts[which]!.read;
    if (own < 0) {
      const isRecord = parts[which]!.others[-1 - own]!.event.type === "record";
      ranked.push([isRecord ? 2 : 0, entry]);
      continue;
    }
    const process = transcript.process[own]!;
    const thread = placeNumber(which, process + 1);
    const canBegin = transcript.type[own] === INVOKE && process >= 0 && !seen.has(thread);
    seen.add(thread);
    ranked.push([canBegin ? 1 : 2, entry]);
  }
  ranked.sort(([a], [b]) => a - b);
  for (const [at, [, entry]] of ranked.entries()) group[at] = entry;
}
