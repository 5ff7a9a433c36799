import { INFO, INVOKE } from "../history/history.ts";
import { isSameJson } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { isMicroOperations } from "./micro-operations.ts";
import type { Transcript } from "./transcript.ts";

/** Something odd about how calls follow one another. Rows are rows of the transcript. */
export type PairingFault =
  | { readonly kind: "no-invocation"; readonly row: number }
  | { readonly kind: "overlapping-calls"; readonly row: number; readonly open: number }
  | { readonly kind: "process-goes-on"; readonly row: number }
  | { readonly kind: "ambiguous-pair"; readonly row: number; readonly candidates: number }
  | { readonly kind: "function-differs"; readonly row: number; readonly open: number }
  | { readonly kind: "key-differs"; readonly row: number; readonly open: number };

/** Which completion belongs to which invocation. */
export interface PairedCalls {
  /** By row: the row of the other end, −1 where there is none. */
  readonly mate: Int32Array;
  /**
   * By row: 0 while the process makes one call after the other, as it must. A call that begins while
   * another is open, and every call after one of unknown outcome, is by a thread of its own.
   */
  readonly thread: Int32Array;
  readonly faults: readonly PairingFault[];
}

/** Open calls of one process. */
interface ProcessState {
  open: number[];
  /** Thread of the next call, and the highest that was given. */
  thread: number;
  last: number;
}

/**
 * Pairs completions with invocations, process by process, in the way that Jepsen means them, and says
 * where that took a decision. Where several calls of one process are open, function, key and value tell
 * which one a completion ends, unless there are more than 256; a process that is not named has the
 * number −1. Linear, times the calls of one process that are open at once.
 */
export function pairCalls(transcript: Transcript): PairedCalls {
  const pairing = new Pairing(transcript);
  for (let row = 0; row < transcript.length; row++) {
    if (transcript.type[row] === INVOKE) pairing.invoke(row);
    else pairing.complete(row);
  }
  return pairing;
}

/** Open calls of one process among which the one that a completion ends is looked for. */
const openMax = 256;

class Pairing implements PairedCalls {
  readonly mate: Int32Array;
  readonly thread: Int32Array;
  readonly faults: PairingFault[] = [];
  readonly #transcript: Transcript;
  readonly #states: ProcessState[] = [];

  constructor(transcript: Transcript) {
    this.#transcript = transcript;
    this.mate = new Int32Array(transcript.length).fill(-1);
    this.thread = new Int32Array(transcript.length);
  }

  invoke(row: number): void {
    const state = this.#stateOf(row);
    const before = state.open[0];
    if (before === undefined) this.thread[row] = state.thread;
    else {
      this.thread[row] = ++state.last;
      if (this.#transcript.process[row]! >= 0) {
        this.faults.push({ kind: "overlapping-calls", row, open: before });
      }
    }
    if (before === undefined && state.thread > 0 && this.#transcript.process[row]! >= 0)
      this.faults.push({ kind: "process-goes-on", row });
    state.open.push(row);
  }

  complete(row: number): void {
    const state = this.#stateOf(row);
    const at = state.open.length === 1 ? 0 : this.#which(state.open, row);
    const open = state.open[at];
    if (open === undefined) {
      this.thread[row] = state.thread;
      this.#noInvocation(row, state);
      return;
    }
    this.mate[open] = row;
    this.mate[row] = open;
    this.thread[row] = this.thread[open]!;
    state.open.splice(at, 1);
    this.#compare(row, open);
    if (this.#transcript.type[row] === INFO) state.thread = ++state.last;
  }

  #noInvocation(row: number, state: ProcessState): void {
    if (state.open.length === 0) this.faults.push({ kind: "no-invocation", row });
    if (this.#transcript.type[row] === INFO) state.thread = ++state.last;
  }

  /** Position of the one open call that a completion can end; −1 where it is none, or several could be. */
  #which(open: readonly number[], row: number): number {
    let found = -1;
    let candidates = open.length > openMax ? open.length : 0;
    for (let at = 0; at < open.length && open.length <= openMax; at++) {
      if (!fits(this.#transcript, open[at]!, row)) continue;
      found = at;
      candidates++;
    }
    if (candidates === 1 || open.length === 0) return found;
    this.faults.push({ kind: "ambiguous-pair", row, candidates });
    return -1;
  }

  #compare(row: number, open: number): void {
    const { f, key } = this.#transcript;
    if (f[row]! >= 0 && f[row] !== f[open]) this.faults.push({ kind: "function-differs", row, open });
    const differs = key[row]! >= 0 && key[open]! >= 0 && key[row] !== key[open];
    if (differs) this.faults.push({ kind: "key-differs", row, open });
  }

  #stateOf(row: number): ProcessState {
    const process = this.#transcript.process[row]! + 1;
    const known = this.#states[process];
    if (known !== undefined) return known;
    const state = { open: [], thread: 0, last: 0 };
    this.#states[process] = state;
    return state;
  }
}

/** Can the completion `row` end the call `open`? */
function fits(transcript: Transcript, open: number, row: number): boolean {
  const { f, key, value } = transcript;
  if (f[row]! >= 0 && f[row] !== f[open]) return false;
  if (key[row]! >= 0 && key[open]! >= 0 && key[row] !== key[open]) return false;
  const asked = value[open];
  const answered = value[row];
  // What was asked for may be repeated by the answer, filled in by it, or missing on one side.
  if (asked === undefined || asked === null || answered === undefined || answered === null) return true;
  if (isMicroOperations(asked) && isMicroOperations(answered)) return isSameTransaction(asked, answered);
  return isSameJson(asked, answered);
}

function isSameTransaction(
  asked: readonly (readonly Json[])[],
  answered: readonly (readonly Json[])[],
): boolean {
  if (asked.length !== answered.length) return false;
  for (let at = 0; at < asked.length; at++) {
    const [name, key, value] = asked[at]!;
    const other = answered[at]!;
    if (name !== other[0] || !isSameJson(key, other[1])) return false;
    if (name !== "r" && !isSameJson(value, other[2])) return false;
  }
  return true;
}
