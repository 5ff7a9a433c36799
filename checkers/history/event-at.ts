import { type History, RECORD } from "./history.ts";
import { type HistoryEvent, type Operation, operationTypes, type RecordEvent } from "./operation.ts";

/**
 * Row `row` of a history as the operation or record it was built from, with what the builder filled in.
 * @throws RangeError where there is no such row.
 */
export function eventAt(history: History, row: number): Operation | RecordEvent {
  if (history.type[row] === RECORD) return recordAt(history, row);
  const type = operationTypes[history.type[row] ?? -1];
  if (type === undefined) throw new RangeError(`row ${row} of a history of ${history.length} rows`);
  const client = history.clients[history.session[row]!] ?? null;
  const key = history.key[row]!;
  const node = history.node[row]!;
  const value = history.value[row];
  const error = history.error.get(row);
  return {
    index: history.index[row]!,
    time: history.time[row]!,
    process: history.processes[history.process[row]!]!,
    ...(client === null ? {} : { client }),
    type,
    f: history.functions[history.f[row]!]!,
    ...(key < 0 ? {} : { key: history.keys[key]! }),
    ...(value === undefined ? {} : { value }),
    ...(error === undefined ? {} : { error }),
    ...(node < 0 ? {} : { node: history.nodes[node]! }),
    ...(history.final[row] === 1 ? { final: true } : {}),
  };
}

function recordAt(history: History, row: number): RecordEvent {
  const node = history.node[row]!;
  const value = history.value[row];
  return {
    index: history.index[row]!,
    time: history.time[row]!,
    type: "record",
    f: history.functions[history.f[row]!]!,
    key: history.keys[history.key[row]!]!,
    ...(node < 0 ? {} : { node: history.nodes[node]! }),
    ...(value === undefined ? {} : { value }),
    ...(history.final[row] === 1 ? { final: true } : {}),
  };
}

/** Every event of a history by rising index: operations, records, faults and phases. Linear. */
export function* eventsOf(history: History): Generator<HistoryEvent, void, undefined> {
  let fault = 0;
  let phase = 0;
  for (let row = 0; row <= history.length; row++) {
    const limit = row < history.length ? history.index[row]! : Number.POSITIVE_INFINITY;
    for (;;) {
      const nextFault = history.faults[fault];
      const nextPhase = history.phases[phase];
      const faultIndex = nextFault?.index ?? Number.POSITIVE_INFINITY;
      const phaseIndex = nextPhase?.index ?? Number.POSITIVE_INFINITY;
      if (nextFault !== undefined && faultIndex < limit && faultIndex < phaseIndex) {
        yield nextFault;
        fault++;
      } else if (nextPhase !== undefined && phaseIndex < limit) {
        yield nextPhase;
        phase++;
      } else break;
    }
    if (row < history.length) yield eventAt(history, row);
  }
}
