import { eventAt } from "../history/event-at.ts";
import { type History, RECORD } from "../history/history.ts";
import type { Json, Operation } from "../history/operation.ts";
import type { JepsenSyntax } from "./jepsen-reader.ts";
import { type JepsenMap, jepsenText } from "./jepsen-text.ts";
import { isMicroOperations } from "./micro-operations.ts";

/** What of a history a Jepsen file cannot hold. */
export interface ExportLosses {
  /** Records, faults and phases: nobody called them. */
  readonly leftOut: number;
  /**
   * Values stand as `[key value]`, as `jepsen.independent` writes them: there are several keys, and no
   * operation is without one.
   */
  readonly isKeyed: boolean;
}

/** What an export of that history would lose. Linear. */
export function exportLosses(history: History): ExportLosses {
  let records = 0;
  for (let row = 0; row < history.length; row++) if (history.type[row] === RECORD) records++;
  const leftOut = records + history.faults.length + history.phases.length;
  return { leftOut, isKeyed: hasSeveralKeys(history) };
}

/**
 * The operations of a history as a Jepsen history, piece by piece: one array or vector, one map a line,
 * as elle-cli reads it. Where every operation has a key, and there are several, values are `[key value]`;
 * else they stand alone and the key in a field of its own. Client, node and final reads stand in fields that Jepsen ignores.
 * Processes that are no numbers get numbers. Linear.
 */
export function* exportJepsen(history: History, syntax: JepsenSyntax): Generator<string, void, undefined> {
  const numbers = processNumbers(history);
  const { isKeyed } = exportLosses(history);
  const end = syntax === "json" ? "," : "";
  yield "[";
  let separator = "";
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] === RECORD) continue;
    const operation = eventAt(history, row) as Operation;
    const map = mapOf(withAskedValue(history, row, operation), numbers[history.process[row]!]!, isKeyed);
    yield `${separator}${jepsenText(map, syntax)}`;
    separator = `${end}\n`;
  }
  yield "]\n";
}

/** Functions whose answer, where it says nothing, says that what was asked for has happened. */
const changing: ReadonlySet<string> = new Set([
  ...["write", "put", "cas", "append", "add", "increment", "decrement", "enqueue", "create", "update"],
  ...["transfer", "reserve", "release", "ship", "restock"],
]);

/**
 * Jepsen's tools read what happened from the answer alone. So an `ok` without a value gets that of its invocation, unless the answer would then
 * say what was read: of calls that change something, and of transactions that read nothing.
 */
function withAskedValue(history: History, row: number, operation: Operation): Operation {
  if (operation.type !== "ok" || operation.value !== undefined) return operation;
  const asked = history.value[history.mate[row]!];
  if (asked === undefined) return operation;
  const isBlind = isMicroOperations(asked) && asked.every(([name]) => name !== "r");
  return changing.has(operation.f) || isBlind ? { ...operation, value: asked } : operation;
}

function mapOf(operation: Operation, process: number, isKeyed: boolean): JepsenMap {
  const { index, time, type, f, key, value, error, client, node, final } = operation;
  const isPaired = isKeyed && key !== undefined;
  return {
    index,
    time,
    process,
    type,
    f,
    value: isPaired ? [key, value ?? null] : value,
    ...(isPaired || key === undefined ? {} : { key }),
    ...(error === undefined ? {} : { error: errorOf(error) }),
    client,
    node,
    final,
  };
}

/** As Jepsen writes it: a name, or a name and a text. */
function errorOf({ code, message }: NonNullable<Operation["error"]>): Json {
  return message === undefined ? code : [code, message];
}

/** Numbers stay; names get the numbers above them. */
function processNumbers(history: History): readonly number[] {
  let next = 0;
  for (const process of history.processes) {
    if (typeof process === "number" && process >= next) next = process + 1;
  }
  return history.processes.map((process) => (typeof process === "number" ? process : next++));
}

function hasSeveralKeys(history: History): boolean {
  const seen = new Set<number>();
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== RECORD) seen.add(history.key[row]!);
  }
  return seen.size > 1 && !seen.has(-1);
}
