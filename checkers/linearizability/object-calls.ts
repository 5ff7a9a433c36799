import { FAIL, type History, INVOKE, OK } from "../history/history.ts";
import { InternTable } from "../history/intern-table.ts";
import { identityOf } from "../history/json-value.ts";
import { EventList } from "./event-list.ts";
import type { LinearizabilityModel, ModelCall } from "./linearizability-model.ts";
import { NEVER } from "./window-plan.ts";

/** The calls on one object, numbered in the order of their invocations. What certainly did not happen is left out. */
export interface ObjectCalls {
  readonly count: number;
  readonly calls: readonly ModelCall[];
  /** Row of the invocation. */
  readonly row: Int32Array;
  /** Position in `events` of the invocation. */
  readonly invoked: Int32Array;
  /** Position in `events` of the return; {@link NEVER}. */
  readonly returned: Int32Array;
  /** In real-time order: the number of a call that is invoked, its complement where it returns. */
  readonly events: Int32Array;
  /** By call: equal calls of unknown outcome have the same number; −1 for those that returned. */
  readonly code: Int32Array;
  /** By call: those that do the same have the same number; −1 for reads, which change nothing. */
  readonly kind: Int32Array;
  /** By call: does it never change what the object does later? */
  readonly isRead: Uint8Array;
}

/** A call that the model cannot read: the row of its invocation or of its answer, and what was expected there. */
export interface MalformedCall {
  readonly malformed: number;
  readonly expected: string;
}

/**
 * Reads the calls on one object. `rows` are its invocations and their completions in history order, `roles`
 * say which function of the model each is, `numbers` is room for a number per row of the history. After the
 * row `until` nothing is known: what completes later is on its way. Linear.
 */
export function objectCalls(
  history: History,
  rows: Int32Array,
  roles: Int8Array,
  numbers: Int32Array,
  model: LinearizabilityModel,
  until: number = NEVER,
): ObjectCalls | MalformedCall {
  const calls: ModelCall[] = [];
  const order = new EventList(rows.length);
  const row = new Int32Array(rows.length);
  const code = new Int32Array(rows.length).fill(-1);
  const isRead = new Uint8Array(rows.length);
  const kind = new Int32Array(rows.length).fill(-1);
  const kinds = new InternTable<string>();
  for (let at = 0; at < rows.length; at++) {
    const own = rows[at]!;
    const mate = history.mate[own]!;
    if (history.type[own] !== INVOKE) {
      if (history.type[own] === OK && own <= until && numbers[mate]! >= 0) order.push(~numbers[mate]!);
      continue;
    }
    numbers[own] = -1;
    if (mate >= 0 && history.type[mate] === FAIL) continue;
    const call = callOf(history, own, model.functions[roles[history.f[own]!]!]!, until);
    const expected = model.expected?.(call) ?? null;
    if (expected !== null) {
      const isAsked = model.expected?.({ ...call, isAnswered: false, output: undefined }) !== null;
      return { malformed: isAsked ? own : mate, expected };
    }
    const reads = model.reads?.includes(call.f) === true;
    if (!call.isAnswered) {
      // Whether a read took effect that nobody saw the answer of makes no difference.
      if (reads) continue;
    }
    if (!reads) kind[calls.length] = kinds.intern(kindOf(model, call));
    if (!call.isAnswered) code[calls.length] = kind[calls.length]!;
    numbers[own] = calls.length;
    row[calls.length] = own;
    isRead[calls.length] = reads ? 1 : 0;
    order.push(calls.length);
    calls.push(call);
  }
  return { ...placed(calls.length, order.take()), calls, row, code, kind, isRead };
}

/** What a call does, as a text that is the same for all that do the same. */
function kindOf(model: LinearizabilityModel, call: ModelCall): string {
  const effect = model.effect?.(call);
  if (effect !== undefined) return String(identityOf([effect]));
  const { f, input, isAnswered, output } = call;
  const told = [input !== undefined, isAnswered, output !== undefined];
  return String(identityOf([f, input ?? null, output ?? null, ...told]));
}

function callOf(history: History, row: number, f: string, until: number): ModelCall {
  const mate = history.mate[row]!;
  const isAnswered = mate >= 0 && mate <= until && history.type[mate] === OK;
  return { f, input: history.value[row], isAnswered, output: isAnswered ? history.value[mate] : undefined };
}

function placed(
  count: number,
  events: Int32Array,
): Pick<ObjectCalls, "count" | "events" | "invoked" | "returned"> {
  const invoked = new Int32Array(count);
  const returned = new Int32Array(count).fill(NEVER);
  for (let at = 0; at < events.length; at++) {
    const event = events[at]!;
    if (event < 0) returned[~event] = at;
    else invoked[event] = at;
  }
  return { count, events, invoked, returned };
}
