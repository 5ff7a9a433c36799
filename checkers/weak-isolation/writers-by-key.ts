import type { FinalWrites } from "./final-writes.ts";
import type { SessionChains } from "./session-chains.ts";

/** The final writes of each key, chain by chain, by position in the chain. */
export interface WritersByKey {
  /** Final writes of key `k`: `list` from `starts[k]` up to `starts[k + 1]`. */
  readonly starts: Int32Array;
  readonly list: Int32Array;
  /** Of each place in `list` the place after the last one of the same key and chain. */
  readonly runEnd: Int32Array;
  /** Of each final write the one before it of the same key and chain; −1 where there is none. */
  readonly previous: Int32Array;
}

/** Linear: a counting sort. */
export function writersByKey(writes: FinalWrites, chains: SessionChains, keys: number): WritersByKey {
  const starts = new Int32Array(keys + 1);
  for (let write = 0; write < writes.count; write++) starts[writes.key[write]! + 1]!++;
  for (let k = 0; k < keys; k++) starts[k + 1]! += starts[k]!;
  const filled = starts.slice(0, keys);
  const list = new Int32Array(writes.count);
  const previous = new Int32Array(writes.count).fill(-1);
  for (let at = 0; at < chains.order.length; at++) {
    const t = chains.order[at]!;
    for (let write = writes.starts[t]!; write < writes.starts[t + 1]!; write++) {
      const k = writes.key[write]!;
      const place = filled[k]!++;
      list[place] = write;
      if (place === starts[k]) continue;
      const before = list[place - 1]!;
      if (chains.chain[writes.owner[before]!] === chains.chain[t]) previous[write] = before;
    }
  }
  const runEnd = new Int32Array(writes.count);
  for (let place = writes.count - 1; place >= 0; place--) {
    const next = place + 1 < writes.count ? list[place + 1]! : -1;
    runEnd[place] = next >= 0 && previous[next] === list[place] ? runEnd[place + 1]! : place + 1;
  }
  return { starts, list, runEnd, previous };
}
