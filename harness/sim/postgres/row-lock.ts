/**
 * The strengths of row locks, weakest first
 * (https://www.postgresql.org/docs/18/explicit-locking.html#LOCKING-ROWS).
 */
export type RowLockMode = "key share" | "share" | "no key update" | "update";

const strengths: Readonly<Record<RowLockMode, number>> = {
  "key share": 0,
  share: 1,
  "no key update": 2,
  update: 3,
};

/** Whether two transactions cannot hold these locks on one row at the same time. */
export function rowLocksConflict(first: RowLockMode, second: RowLockMode): boolean {
  return strengths[first] + strengths[second] >= 3;
}

/** Whether holding `held` makes asking for `wanted` superfluous. */
export function rowLockCovers(held: RowLockMode, wanted: RowLockMode): boolean {
  return strengths[held] >= strengths[wanted];
}
