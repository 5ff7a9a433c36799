import type { EntityCalls } from "../entity/entity-calls.ts";
import { DELETE } from "../entity/key-kind.ts";
import { FAIL, OK } from "../history/history.ts";

/**
 * A stretch of a history in which an entity is certainly not deleted: what was sent after row `from` and answered
 * before row `to` belongs to it. The first has `from` −1.
 */
export interface EntityLife {
  readonly from: number;
  readonly to: number;
  /** Positions of its calls, from `begin` up to `end`. */
  readonly begin: number;
  readonly end: number;
}

/** The lives of the entity at a position, in order; only the last has no end. Linear in its calls. */
export function entityLives(calls: EntityCalls, position: number): readonly EntityLife[] {
  const begin = calls.starts[position]!;
  const end = calls.starts[position + 1]!;
  const lives: EntityLife[] = [];
  let from = -1;
  let start = begin;
  for (let at = begin; at < end; at++) {
    if (calls.role[at] !== DELETE || calls.outcome[at] === FAIL) continue;
    const row = calls.rows[at]!;
    if (from < row) {
      lives.push({ from, to: row, begin: start, end: at });
      start = at + 1;
    }
    // A delete of unknown outcome may happen at any time.
    from = Math.max(from, calls.outcome[at] === OK ? calls.end[at]! : Number.POSITIVE_INFINITY);
  }
  if (from < Number.POSITIVE_INFINITY) {
    lives.push({ from, to: Number.POSITIVE_INFINITY, begin: start, end });
  }
  return lives;
}
