import type { History } from "./history.ts";

/** The place of one event. `file` is absent where the history comes from one file. */
export interface SourcePlace {
  readonly line: number;
  readonly file?: string;
}

/**
 * Where the event with that index stands; null where the history was not read from a file with lines, or no operation or record has
 * that index. Logarithmic.
 */
export function sourcePlaceOf(history: History, index: number): SourcePlace | null {
  if (history.source === null) return null;
  let low = 0;
  let high = history.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (history.index[middle]! < index) low = middle + 1;
    else high = middle;
  }
  if (history.index[low] !== index) return null;
  const { line, file, files } = history.source;
  const named = file === null ? undefined : files[file[low]!];
  return { line: line[low]!, ...(named === undefined ? {} : { file: named }) };
}
