import type { HistoryEvent, Json } from "../../checkers/history/operation.ts";

/** A read or a write of a key; what is written and read is filled in later. */
export type MicroShape = readonly [f: "r" | "w", key: string];

/** A micro-operation with what it wrote or read. */
export type MicroOperation = readonly [f: string, key: string, value: Json];

/** How a transaction ended. */
export type Ending = "ok" | "fail" | "info";

/** All lists of one or two reads and writes on these keys. */
export function transactionShapes(keys: readonly string[]): (readonly MicroShape[])[] {
  const single = keys.flatMap((key): MicroShape[] => [
    ["r", key],
    ["w", key],
  ]);
  return [...single.map((one) => [one]), ...single.flatMap((one) => single.map((two) => [one, two]))];
}

/**
 * Every way to let the reads of these transactions return what `readable` allows, given the values that are written to the
 * key. Writes are called `write` and write 1, 2, 3 … in their order. The lists are used again: do not keep them.
 */
export function* everyReading(
  shapes: readonly (readonly MicroShape[])[],
  write: string,
  readable: (written: readonly number[], key: string) => readonly Json[],
): Generator<readonly (readonly MicroOperation[])[], void, undefined> {
  let values = 0;
  const filled = shapes.map((shape) =>
    shape.map(([f, key]): [string, string, Json] => (f === "r" ? ["r", key, null] : [write, key, ++values])),
  );
  const all = filled.flat();
  const reads = all.filter(([f]) => f === "r");
  const options = reads.map(([, key]) =>
    readable(
      all.flatMap(([f, other, value]) => (f !== "r" && other === key ? [value as number] : [])),
      key,
    ),
  );
  const total = options.reduce((product, { length }) => product * length, 1);
  for (let code = 0; code < total; code++) {
    let rest = code;
    for (const [at, read] of reads.entries()) {
      read[2] = options[at]![rest % options[at]!.length]!;
      rest = Math.floor(rest / options[at]!.length);
    }
    yield filled;
  }
}

/** Transactions one after the other, each of a process of its own, with its client and its end. */
export function eventsOfTransactions(
  list: readonly (readonly MicroOperation[])[],
  clients: readonly number[],
  endings: readonly Ending[],
): HistoryEvent[] {
  return list.flatMap((operations, at): HistoryEvent[] => {
    const line = { process: at, client: clients[at]!, f: "txn" } as const;
    const asked: Json = operations.map(([f, key, value]) => [f, key, f === "r" ? null : value]);
    const told: Json = endings[at] === "ok" ? operations.map((one) => [...one]) : asked;
    return [
      { ...line, index: 2 * at, time: 2 * at, type: "invoke", value: asked },
      { ...line, index: 2 * at + 1, time: 2 * at + 1, type: endings[at]!, value: told },
    ];
  });
}
