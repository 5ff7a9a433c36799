import { PostgresError } from "./postgres-error.ts";

/** Who waits for whom: for each backend that waits, the backends that it waits for. */
export type WaitsFor = (backend: number) => readonly number[];

/** The deadlock that `start` is part of (40P01), or null. */
export function findDeadlock(start: number, waitsFor: WaitsFor): PostgresError | null {
  const cycle = findCycle(start, waitsFor);
  if (cycle === null) return null;
  const lines = cycle.map((backend, at) => {
    const next = cycle[(at + 1) % cycle.length];
    return `Process ${backend} waits for a lock; blocked by process ${next}.`;
  });
  return new PostgresError("40P01", "deadlock detected", {
    detail: lines.join("\n"),
    hint: "See server log for query details.",
  });
}

function findCycle(start: number, waitsFor: WaitsFor): number[] | null {
  const visited = new Set<number>();
  const path: number[] = [];
  const visit = (backend: number): boolean => {
    if (visited.has(backend)) return false;
    visited.add(backend);
    path.push(backend);
    for (const next of waitsFor(backend)) if (next === start || visit(next)) return true;
    path.pop();
    return false;
  };
  return visit(start) ? path : null;
}
