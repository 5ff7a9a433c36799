import type { CallWindow } from "./call-window.ts";
import { BITS } from "./configuration-words.ts";
import type { ExchangedKind } from "./exchanged-kind.ts";
import { MakingCalls } from "./making-calls.ts";
import type { ObjectCalls } from "./object-calls.ts";
import type { WindowPlan } from "./window-plan.ts";

/**
 * Which configurations of a moment can stand in for which, as far as calls are concerned of which some that do the same
 * have an unknown outcome.
 *
 * Of calls that do the same, the one that returns first takes effect first, and those of unknown outcome last. So a
 * configuration needs to know of them: how many must take effect until when, and how many can. It stands in for another
 * where by no return it must do more of them, and can do as many. Where it can do fewer, it can make them of others that
 * it can do more of, where a state is a sum: two additions of 1 do what one of 2 does. What it can do more of has an unknown
 * outcome then, so that it need not be done.
 */
export class CallExchange {
  /** Numbers of a summary. */
  readonly width: number;
  readonly #calls: ObjectCalls;
  readonly #plan: WindowPlan;
  readonly #usedAt: number;
  readonly #window: CallWindow;
  /** By kind of the calls; null where nothing can be exchanged. */
  readonly #kinds: readonly (ExchangedKind | null)[];
  /** Those with open calls, the largest amounts first. */
  readonly #open: ExchangedKind[] = [];
  readonly #making = new MakingCalls();

  constructor(calls: ObjectCalls, sums: Float64Array | null, plan: WindowPlan, window: CallWindow) {
    this.#calls = calls;
    this.#plan = plan;
    this.#window = window;
    this.#usedAt = BITS + plan.bitWords + 1;
    this.#kinds = kindsOf(calls, sums);
    this.width = 2 * this.#kinds.filter((kind) => kind !== null).length;
  }

  /** By byte of the counts: 255 where it counts calls that are not exchanged. */
  get plainBytes(): Uint8Array {
    const { laneByte, laneCode, usedWords } = this.#plan;
    const bytes = new Uint8Array(4 * usedWords);
    for (const [lane, byte] of laneByte.entries())
      if (this.#kinds[laneCode[lane]!] === null) bytes[byte] = 0xff;
    return bytes;
  }

  /** What follows is asked of configurations of the moment where the window is. */
  come(): void {
    for (const kind of this.#open) kind.slots.length = kind.lanes.length = 0;
    this.#open.length = 0;
    const window = this.#window;
    for (let open = window.first; open !== window.end; open = window.after(open)) {
      const lane = window.laneOf(open);
      const kind = this.#kinds[this.#calls.kind[window.callOf(open)]!] ?? null;
      if (kind === null) continue;
      if (kind.slots.length + kind.lanes.length === 0) this.#open.push(kind);
      if (lane < 0) kind.slots.push(this.#plan.slot[open]!);
      else kind.lanes.push(lane);
    }
    this.#open.sort((a, b) => Math.abs(b.amount) - Math.abs(a.amount));
  }

  /** Writes down of a configuration how many calls of each kind it must do, and how many it can. */
  summarize(words: Int32Array, from: number, summary: Int32Array, to: number): void {
    let at = to;
    for (const { slots, lanes } of this.#open) {
      let must = 0;
      for (const slot of slots) must += (words[from + BITS + (slot >> 5)]! >>> (slot & 31)) & 1;
      let can = must;
      for (const lane of lanes) {
        const byte = this.#plan.laneByte[lane]!;
        const used = (words[from + this.#usedAt + (byte >> 2)]! >>> ((byte & 3) * 8)) & 0xff;
        can += this.#window.arrived[lane]! - used;
      }
      summary[at++] = must;
      summary[at++] = can;
    }
  }

  /** Can a configuration stand in for another one, by what was written down of them? */
  maySuffice(summaries: Int32Array, own: number, other: number): boolean {
    let lacks = 0;
    for (let at = 0, kind = 0; kind < this.#open.length; kind++, at += 2) {
      if (summaries[own + at]! > summaries[other + at]!) return false;
      if (summaries[own + at + 1]! >= summaries[other + at + 1]!) continue;
      if (this.#open[kind]!.amount === 0) return false;
      lacks++;
    }
    return lacks === 0 || this.#making.makesAll(this.#open, summaries, own, other);
  }

  /** Must the one do no more calls of a kind until any return than the other? */
  isInTime(words: Int32Array, own: number, other: number): boolean {
    for (const { slots } of this.#open) {
      let more = 0;
      for (const slot of slots) {
        const at = BITS + (slot >> 5);
        more += (words[own + at]! >>> (slot & 31)) & 1;
        more -= (words[other + at]! >>> (slot & 31)) & 1;
        if (more > 0) return false;
      }
    }
    return true;
  }
}

function kindsOf(calls: ObjectCalls, sums: Float64Array | null): (ExchangedKind | null)[] {
  const { kind, code } = calls;
  const kinds: (ExchangedKind | null)[] = [];
  const returns = new Set(kind.filter((_, call) => code[call]! < 0));
  for (let call = 0; call < calls.count; call++) {
    const own = kind[call]!;
    while (kinds.length <= own) kinds.push(null);
    const amount = sums?.[call] ?? 0;
    if (code[call]! >= 0 && (amount !== 0 || returns.has(own)))
      kinds[own] ??= { amount, slots: [], lanes: [] };
  }
  return kinds;
}
