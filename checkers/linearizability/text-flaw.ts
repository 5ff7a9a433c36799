import type { StrayRead, TextCalls, TextRead, TextWrite } from "./text-calls.ts";
import { NEVER } from "./window-plan.ts";

/** Calls that must have had the text for themselves: a reign, or one write that nobody saw. */
export interface TextBlock {
  /** The write that it began with. */
  readonly write: number;
  /** When the first of its calls returned, and which; {@link NEVER} where none did. */
  readonly by: number;
  readonly byCall: number;
  /** When the last of its calls was sent, and which. */
  readonly from: number;
  readonly fromCall: number;
}

/** Why the calls on a text have no order. */
export type TextFlaw =
  | StrayRead
  /** A text shows what `earlier` did before what `later` did or saw, but that had returned before `earlier` was sent. */
  | { readonly kind: "reversed"; readonly earlier: number; readonly later: number }
  /** Each of two blocks would have to come before the other. */
  | { readonly kind: "crossed"; readonly first: TextBlock; readonly second: TextBlock };

/** A call in its place in a reign. */
interface Member {
  readonly reign: number;
  /** Twice the level, one more for a `get`. */
  readonly place: number;
  readonly call: number;
  readonly from: number;
  readonly by: number;
  /** When it is known to be in the reign. */
  readonly knownBy: number;
}

/**
 * Decides whether the calls on a text have an order, if texts tell what they were put together of: then each `get`
 * says which `put` came last and which appends came since, and in which order.
 *
 * So the calls of a reign, the `put`, the appends that were seen and the gets, stand together as a block, in an order
 * of their own. What nobody saw is a block by itself, for it is nowhere but just before a `put` or at the end; where
 * its outcome is unknown it need not have happened. Every order of blocks is one of the text, with that of the start in
 * front. So all is well if in each reign no call returned before one was sent that is in front of it, and the blocks
 * have an order that agrees with real time: as with registers whose values are all different (Gibbons and Korach,
 * "Testing shared memories", SIAM J. Comput. 1997, section 4). Block A must come before B if a call of A returned
 * before one of B was sent. In a cycle the block with the earliest return must come before the one in front of it, too:
 * so that it is enough to look for two blocks each of which must come before the other.
 *
 * Linear for each question, after sorting.
 */
export class TextFlaws {
  readonly #calls: TextCalls;
  readonly #members: readonly Member[];

  constructor(calls: TextCalls) {
    this.#calls = calls;
    const { writes, reads } = calls;
    const seen = writes.filter(({ call, reign }) => call >= 0 && reign >= 0);
    const members = [...seen.map(writeMember), ...reads.map(readMember)];
    this.#members = members.sort((a, b) => a.reign - b.reign || a.place - b.place);
  }

  /** What is wrong if nothing is known of what comes after a time; null where the calls have an order. */
  until(time: number): TextFlaw | null {
    const { stray } = this.#calls;
    if (stray !== null && stray.by <= time) return stray;
    const blocks: TextBlock[] = [];
    for (const [write, { call, from, by, seenBy }] of this.#calls.writes.entries()) {
      if (by <= time && seenBy > time) blocks.push({ write, by, byCall: call, from, fromCall: call });
    }
    return this.#reigns(time, blocks) ?? crossed(blocks, time);
  }

  /** Adds the reigns to the blocks; says what is wrong in one of them. */
  #reigns(time: number, blocks: TextBlock[]): TextFlaw | null {
    const known = this.#members.filter(({ knownBy }) => knownBy <= time);
    for (let at = 0; at < known.length; ) {
      const { reign } = known[at]!;
      let first = reign === 0 ? { by: 0, call: -1 } : { by: NEVER, call: -1 };
      // The calls sent last: of all so far, and of those in front of the place at hand.
      let last = known[at]!;
      let inFront: Member | null = null;
      for (let place = -1; known[at]?.reign === reign; at++) {
        const member = known[at]!;
        if (member.place !== place && place >= 0) inFront = last;
        place = member.place;
        if (member.by <= time && inFront !== null && member.by < inFront.from) {
          return { kind: "reversed", earlier: inFront.call, later: member.call };
        }
        if (member.by <= time && member.by < first.by) first = member;
        if (member.from > last.from) last = member;
      }
      const block = { write: reign, by: first.by, byCall: first.call };
      blocks.push({ ...block, from: last.from, fromCall: last.call });
    }
    return null;
  }
}

function writeMember({ call, from, by, seenBy, reign, level }: TextWrite): Member {
  return { reign, place: 2 * level, call, from, by, knownBy: seenBy };
}

function readMember({ call, from, by, reign, level }: TextRead): Member {
  return { reign, place: 2 * level + 1, call, from, by, knownBy: by };
}

/** Two blocks each of which must come before the other; null where there are none. */
function crossed(blocks: readonly TextBlock[], time: number): TextFlaw | null {
  /** By time: of the blocks with a return until then, the two whose last call was sent last. */
  const best = new Int32Array(time + 1).fill(-1);
  const second = new Int32Array(time + 1).fill(-1);
  const fromOf = (block: number): number => (block < 0 ? -1 : blocks[block]!.from);
  for (const [block, { by }] of blocks.entries()) if (by <= time) best[by] = block;
  for (let at = 1; at <= time; at++) {
    const own = best[at]!;
    const before = best[at - 1]!;
    const isBest = fromOf(own) > fromOf(before);
    best[at] = isBest ? own : before;
    const other = isBest ? before : own;
    second[at] = fromOf(other) > fromOf(second[at - 1]!) ? other : second[at - 1]!;
  }
  for (const [block, { from, by }] of blocks.entries()) {
    if (from === 0) continue;
    const found = best[from - 1] === block ? second[from - 1]! : best[from - 1]!;
    if (found >= 0 && fromOf(found) > by) {
      return { kind: "crossed", first: blocks[found]!, second: blocks[block]! };
    }
  }
  return null;
}
