import * as fc from "fast-check";
import type { Plan } from "./plan.ts";
import { entriesOf, type PlanEntry, withoutEntries } from "./plan-entries.ts";

/** Where the removal of entries has come to: the next chunk to try to remove. */
interface Cursor {
  /** Entries in a chunk. Infinity: whole blocks (all faults, then each client). */
  readonly size: number;
  readonly start: number;
  /** Was anything removed since this size was begun? */
  readonly removedAny: boolean;
}

/** What is kept with a plan while it shrinks. */
interface PlanContext {
  /** The plan before anything was removed, with fast-check's own context. */
  readonly full: fc.Value<Plan>;
  readonly removed: ReadonlySet<PlanEntry>;
  /** Null: nothing more is removed, the values of what is left become simple. */
  readonly cursor: Cursor | null;
}

const SINGLES: Cursor = { size: 1, start: 0, removedAny: false };

/**
 * Wraps an arbitrary of plans and shrinks what it draws in two steps. First operations and faults are
 * removed, in chunks that get smaller (Zeller and Hildebrandt, "Simplifying and isolating
 * failure-inducing input", 2002): a plan of n entries of which k matter takes about k·log n executions.
 * Then the values of what is left are shrunk by the wrapped arbitrary. What is left keeps its seeds of
 * latency, so that removing one operation does not reshuffle the others.
 */
export class PlanArbitrary extends fc.Arbitrary<Plan> {
  readonly #inner: fc.Arbitrary<Plan>;

  constructor(inner: fc.Arbitrary<Plan>) {
    super();
    this.#inner = inner;
  }

  override generate(random: fc.Random, biasFactor: number | undefined): fc.Value<Plan> {
    const full = this.#inner.generate(random, biasFactor);
    const cursor = { size: Number.POSITIVE_INFINITY, start: 0, removedAny: false };
    return new fc.Value(full.value, { full, removed: new Set(), cursor } satisfies PlanContext);
  }

  override canShrinkWithoutContext(_value: unknown): _value is Plan {
    return false;
  }

  override shrink(value: Plan, context: unknown): fc.Stream<fc.Value<Plan>> {
    if (context === undefined) return fc.Stream.nil();
    const known = context as PlanContext;
    const steps = new fc.Stream(removals(known)).join(this.#simpler(value, known));
    // Simpler values may have made more of the plan superfluous.
    return known.cursor !== null ? steps : steps.join(new fc.Stream(removals({ ...known, cursor: SINGLES })));
  }

  #simpler(value: Plan, { full, removed }: PlanContext): fc.Stream<fc.Value<Plan>> {
    const entries = entriesOf(full.value).length;
    const current = JSON.stringify(value);
    return (
      this.#inner
        .shrink(full.value, full.context)
        // Removing is the first step's business, and what was removed need not become simpler.
        .filter((simpler) => entriesOf(simpler.value).length === entries)
        .map((simpler) => {
          const kept: PlanContext = { full: simpler, removed, cursor: null };
          return new fc.Value(withoutEntries(simpler.value, removed), kept);
        })
        .filter((simpler) => JSON.stringify(simpler.value) !== current)
    );
  }
}

/** Plans of which one more chunk is removed, in the order in which they are to be tried. */
function* removals({ full, removed, cursor }: PlanContext): IterableIterator<fc.Value<Plan>> {
  const entries = entriesOf(full.value);
  let next = cursor;
  while (next !== null) {
    const { size, start } = next;
    const chunk = chunkAt(entries, size, start);
    const end = start + chunk.length;
    const fresh = chunk.filter((entry) => !removed.has(entry));
    if (fresh.length > 0) {
      const smaller = new Set([...removed, ...fresh]);
      const kept: PlanContext = {
        full,
        removed: smaller,
        cursor: advance(entries.length, { size, start: end, removedAny: true }),
      };
      yield new fc.Value(withoutEntries(full.value, smaller), kept);
    }
    next = advance(entries.length, { ...next, start: end });
  }
}

function chunkAt(entries: readonly PlanEntry[], size: number, start: number): PlanEntry[] {
  if (size !== Number.POSITIVE_INFINITY) return entries.slice(start, start + size);
  const block = blockOf(entries[start]);
  let end = start;
  while (end < entries.length && blockOf(entries[end]) === block) end++;
  return entries.slice(start, end);
}

/** All faults are one block, and so are the operations of each client. */
function blockOf(entry: PlanEntry | undefined): string {
  return entry?.split(":", 1)[0] ?? "";
}

/** At the end of a round: half the size; single entries are tried again as long as that removes any. */
function advance(length: number, cursor: Cursor): Cursor | null {
  if (cursor.start < length) return cursor;
  if (cursor.size === 1) return cursor.removedAny ? SINGLES : null;
  const size = cursor.size === Number.POSITIVE_INFINITY ? length : cursor.size;
  return length === 0 ? null : { size: Math.max(1, size >> 1), start: 0, removedAny: false };
}
