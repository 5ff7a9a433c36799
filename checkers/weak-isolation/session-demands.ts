import type { InferredEdges } from "./inferred-edges.ts";
import type { SessionSlots } from "./session-slots.ts";
import type { VisibleHistory } from "./visible-history.ts";

/**
 * Adds what the reads of one transaction demand, by the slots of its session: each other writer of a key it reads that
 * comes before it comes before its source. Of each chain the last such writer is enough: the others precede it.
 * `isNew` leaves out demands that are known. O(c·log n) for each read of a key that c sessions write.
 */
export function addSessionDemands(
  history: VisibleHistory,
  slots: SessionSlots,
  reader: number,
  edges: InferredEdges,
  isNew: (before: number, after: number) => boolean = () => true,
): void {
  const { reads, writes, chains } = history;
  const { starts, runEnd } = slots.byKey;
  const position = chains.position[reader]!;
  for (let read = reads.starts[reader]!; read < reads.starts[reader + 1]!; read++) {
    if (reads.isRepeat[read] === 1) continue;
    const source = reads.writer[read]!;
    const key = reads.key[read]!;
    if (source < 0) {
      const write = slots.anyWriteBefore(key, position);
      if (write >= 0) edges.add(writes.owner[write]!, -1, read);
      continue;
    }
    for (let at = starts[key]!; at < starts[key + 1]!; at = runEnd[at]!) {
      const write = slots.lastWriteBefore(at, position);
      if (write < 0 || write === reads.write[read]) continue;
      const before = writes.owner[write]!;
      if (isNew(before, source)) edges.add(before, source, read);
    }
  }
}
