import { FAIL, type History, INVOKE, OK } from "../history/history.ts";

/** The calls of a history that count for availability, in the order in which they were sent, in columns. */
export interface TriedCalls {
  readonly count: number;
  /** Row of the invocation. */
  readonly sent: Int32Array;
  /** Row of the completion; the invocation where there is none. */
  readonly ended: Int32Array;
  /** 1 where the service did what was asked, or answered with a refusal that counts as an answer. */
  readonly served: Uint8Array;
  /** By row, one more than there are: calls sent, and calls sent that were served, before the row. */
  readonly sentBefore: Int32Array;
  readonly servedSentBefore: Int32Array;
  /** By row, one more than there are: calls ended, and calls served, before the row. */
  readonly endedBefore: Int32Array;
  readonly servedBefore: Int32Array;
  /** The last row of any of the calls; −1. */
  readonly lastRow: number;
}

/** Which calls count, and as what. */
export interface CallChoice {
  /** Names of functions; null: all. */
  readonly functions: ReadonlySet<string> | null;
  /** Codes of a `fail` that is an answer of a service that is there. */
  readonly answeredCodes: ReadonlySet<string>;
  /** Do final reads count? */
  readonly withFinal: boolean;
}

/** Collects the calls. Linear. */
export function triedCalls(
  history: History,
  { functions, answeredCodes, withFinal }: CallChoice,
): TriedCalls {
  const { length, type, f, mate, final } = history;
  const chosen = Uint8Array.from(history.functions, (name) => (functions?.has(name) === false ? 0 : 1));
  const isCall = (row: number): boolean =>
    type[row] === INVOKE && chosen[f[row]!] === 1 && (withFinal || final[row] === 0);
  let count = 0;
  for (let row = 0; row < length; row++) if (isCall(row)) count++;
  const calls = {
    count,
    sent: new Int32Array(count),
    ended: new Int32Array(count),
    served: new Uint8Array(count),
    sentBefore: new Int32Array(length + 1),
    servedSentBefore: new Int32Array(length + 1),
    endedBefore: new Int32Array(length + 1),
    servedBefore: new Int32Array(length + 1),
  };
  const isServed = (completion: number): boolean =>
    completion >= 0 &&
    (type[completion] === OK ||
      (type[completion] === FAIL && answeredCodes.has(history.error.get(completion)?.code ?? "")));
  let at = 0;
  for (let row = 0; row < length; row++) {
    if (!isCall(row)) continue;
    const completion = mate[row]!;
    const ended = completion < 0 ? row : completion;
    const served = isServed(completion);
    calls.sent[at] = row;
    calls.ended[at] = ended;
    calls.served[at++] = served ? 1 : 0;
    calls.sentBefore[row + 1]!++;
    if (served) calls.servedSentBefore[row + 1]!++;
    calls.endedBefore[ended + 1]!++;
    if (served) calls.servedBefore[ended + 1]!++;
  }
  for (const counts of [calls.sentBefore, calls.servedSentBefore, calls.endedBefore, calls.servedBefore]) {
    for (let row = 0; row < length; row++) counts[row + 1]! += counts[row]!;
  }
  return { ...calls, lastRow: calls.ended.reduce((last, row) => Math.max(last, row), -1) };
}

/** The longest time that anybody who called had to wait until anybody was served. */
export interface Outage {
  /** Position of the call that waited; −1: nobody called. */
  readonly call: number;
  /** Row of the completion that ended it; −1 where nobody was served again. */
  readonly endedBy: number;
  readonly nanos: number;
}

/** The longest {@link Outage} of a history. Linear: goes backwards and keeps the next success. */
export function longestOutage(history: History, calls: TriedCalls): Outage {
  const { length, time } = history;
  const servedAt = new Uint8Array(length);
  for (let at = 0; at < calls.count; at++) if (calls.served[at] === 1) servedAt[calls.ended[at]!] = 1;
  let longest: Outage = { call: -1, endedBy: -1, nanos: -1 };
  let next = -1;
  let at = calls.count - 1;
  for (let row = length - 1; row >= 0 && at >= 0; row--) {
    if (servedAt[row] === 1) next = row;
    if (calls.sent[at] !== row) continue;
    const until = next < 0 ? calls.lastRow : next;
    const nanos = time[until]! - time[row]!;
    if (nanos >= longest.nanos) longest = { call: at, endedBy: next, nanos };
    at--;
  }
  return longest;
}
