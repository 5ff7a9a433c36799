/** Position of a return that never comes: the outcome is not known. */
export const NEVER: number = 0x7fffffff;

/** Calls of unknown outcome that one count of seven bits can hold. */
const laneCapacity = 127;

/** The calls of one object, as far as planning needs them. */
export interface PlannedCalls {
  readonly count: number;
  /** Number of a call where it is invoked, its complement where it returns; in real-time order. */
  readonly events: Int32Array;
  readonly invoked: Int32Array;
  readonly returned: Int32Array;
}

/**
 * Where the words of a configuration keep what is known of each call: a bit for a call that returns, given
 * free again when it has returned, so that a configuration is as small as the window of open calls and
 * does not grow with the history; a count for each class of equal calls of unknown outcome (a *lane*), since
 * of calls that have the same effect and stay open for ever it only matters how many took effect.
 */
export interface WindowPlan {
  /** By call: its bit; of a call of unknown outcome its lane. */
  readonly slot: Int32Array;
  /** Words of a set of bits. */
  readonly bitWords: number;
  /** By group: the word after its last one. */
  readonly groupEnds: readonly number[];
  /** Words of the counts. */
  readonly usedWords: number;
  /** By lane: the class of its calls, the byte where it counts, and the position after which nobody needs it. */
  readonly laneCode: Int32Array;
  readonly laneByte: Int32Array;
  readonly laneEnd: Int32Array;
}

/**
 * Plans the words. `code` is the class of each call, `end` says until when a class can be needed. Calls of a group have
 * bits in words of their own, the groups one after the other; all are one unless given. Linear but for the free counts.
 */
export function planWindow(
  calls: PlannedCalls,
  code: Int32Array,
  end: (code: number) => number,
  group: Uint8Array = new Uint8Array(calls.count),
): WindowPlan {
  const slot = new Int32Array(calls.count);
  const groups = Array.from({ length: Math.max(0, ...new Set(group)) + 1 }, () => new SlotPlan());
  const lanes = new LanePlan(end);
  for (let at = 0; at < calls.events.length; at++) {
    const event = calls.events[at]!;
    if (event < 0) groups[group[~event]!]!.free.push(slot[~event]!);
    else if (calls.returned[event] === NEVER) slot[event] = lanes.laneOf(code[event]!, at);
    else slot[event] = groups[group[event]!]!.take();
  }
  const groupEnds: number[] = [];
  for (const { slots } of groups) groupEnds.push((groupEnds.at(-1) ?? 0) + Math.ceil(slots / 32));
  for (let call = 0; call < calls.count; call++) {
    const own = group[call]!;
    if (own > 0 && calls.returned[call] !== NEVER) slot[call]! += 32 * groupEnds[own - 1]!;
  }
  return {
    slot,
    bitWords: Math.max(1, groupEnds.at(-1)!),
    groupEnds,
    usedWords: Math.ceil(lanes.bytes / 4),
    laneCode: Int32Array.from(lanes.codes),
    laneByte: Int32Array.from(lanes.byteOf),
    laneEnd: Int32Array.from(lanes.ends),
  };
}

/** The bits of a group. */
class SlotPlan {
  readonly free: number[] = [];
  slots = 0;

  take(): number {
    return this.free.pop() ?? this.slots++;
  }
}

class LanePlan {
  readonly codes: number[] = [];
  readonly byteOf: number[] = [];
  readonly ends: number[] = [];
  readonly #members: number[] = [];
  readonly #last = new Map<number, number>();
  /** By byte: the end of the lane that has it now. */
  readonly #taken: number[] = [];
  readonly #end: (code: number) => number;

  constructor(end: (code: number) => number) {
    this.#end = end;
  }

  get bytes(): number {
    return this.#taken.length;
  }

  laneOf(code: number, at: number): number {
    const known = this.#last.get(code);
    if (known !== undefined && this.#members[known]! < laneCapacity && this.ends[known]! >= at) {
      this.#members[known]!++;
      return known;
    }
    const lane = this.codes.length;
    this.codes.push(code);
    this.#members.push(1);
    const end = this.#end(code);
    this.ends.push(end);
    const freed = this.#taken.findIndex((until) => until < at);
    const byte = freed < 0 ? this.#taken.length : freed;
    this.#taken[byte] = end;
    this.byteOf.push(byte);
    this.#last.set(code, lane);
    return lane;
  }
}
