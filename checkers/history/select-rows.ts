import type { History, HistoryHeader } from "./history.ts";
import type { OperationError } from "./operation.ts";
import type { SourceLines } from "./source-lines.ts";

type NumericColumn = Float64Array | Int32Array | Uint8Array | Uint16Array | Uint32Array;

/**
 * The history of some rows, which rise: as if the others had never been recorded. A completion without its invocation
 * among them, and an invocation without its completion, have no mate. Names keep their numbers. Linear in the rows.
 */
export function selectRows(history: History, rows: Int32Array, header: HistoryHeader | null = null): History {
  const { length } = rows;
  const place = new Map<number, number>();
  for (let at = 0; at < length; at++) if (history.mate[rows[at]!]! >= 0) place.set(rows[at]!, at);
  const mate = new Int32Array(length).fill(-1);
  const error = new Map<number, OperationError>();
  for (let at = 0; at < length; at++) {
    const row = rows[at]!;
    mate[at] = place.get(history.mate[row]!) ?? -1;
    const cause = history.error.get(row);
    if (cause !== undefined) error.set(at, cause);
  }
  const column = <Column extends NumericColumn>(of: Column, to: Column): Column => {
    for (let at = 0; at < length; at++) to[at] = of[rows[at]!]!;
    return to;
  };
  return {
    ...history,
    header,
    length,
    index: column(history.index, new Float64Array(length)),
    time: column(history.time, new Float64Array(length)),
    process: column(history.process, new Int32Array(length)),
    session: column(history.session, new Int32Array(length)),
    type: column(history.type, new Uint8Array(length)),
    f: column(history.f, new Int32Array(length)),
    key: column(history.key, new Int32Array(length)),
    node: column(history.node, new Int32Array(length)),
    final: column(history.final, new Uint8Array(length)),
    mate,
    source: selected(history.source, length, column),
    value: Array.from(rows, (row) => history.value[row]),
    error,
  };
}

function selected(
  source: SourceLines | null,
  length: number,
  column: <Column extends NumericColumn>(of: Column, to: Column) => Column,
): SourceLines | null {
  if (source === null) return null;
  const file = source.file === null ? null : column(source.file, new Uint16Array(length));
  return { line: column(source.line, new Uint32Array(length)), file, files: source.files };
}
