import { AnomalyList } from "../anomaly-list.ts";
import type { Checker, CheckResult } from "../checker.ts";
import { ABSENT, entityFields, versionShown } from "../entity/versioned-entity.ts";
import { operationName, sessionName } from "../history/describe-operation.ts";
import { clippedText } from "../history/excerpt.ts";
import { type FunctionNames, functionRoles } from "../history/function-roles.ts";
import { FAIL, type History, INVOKE, OK } from "../history/history.ts";
import type { Json } from "../history/operation.ts";
import { resultOf } from "../result.ts";
import { type BudgetWatch, withinBudget } from "../within-budget.ts";
import { type DependencyFields, DependencyMap } from "./dependency-map.ts";
import { ShownKeys } from "./shown-keys.ts";

/** How {@link visibleDependencies} reads a history. */
export interface VisibleDependenciesOptions {
  /** Names of the functions; `read`, `list` and `delete` unless given. */
  readonly functions?: {
    readonly read?: FunctionNames;
    readonly list?: FunctionNames;
    readonly delete?: FunctionNames;
  };
  /** Names of the fields; `after` and `key` unless given. */
  readonly fields?: DependencyFields;
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}

const READ = 0;
const LIST = 1;
const DELETE = 2;

/**
 * Claim: who sees a value also sees what it depends on: a reply is never shown without its comment.
 *
 * Reads values that name what they depend on: `{"value": …, "after": "comment/3"}`, or a list of keys, in
 * any line on a key (a write that was refused says nothing); `read` → value, nothing or null: not there;
 * `list` → list of keys or of `{"key": …, "after": …}`. What a key depends on never changes.
 *
 * Decides exactly: a list that shows a key also shows every key that it depends on; and once a session
 * was shown a key, by a `read` or a `list`, no `read` that it sends afterwards finds nothing under a key that the
 * shown one depends on, directly or through others. A key of which lines say different things, and a
 * missing key that may have been deleted, are undecided: the verdict is unknown where it matters.
 *
 * Cannot see: which version of a dependency is shown, dependencies that no value names, sessions that never
 * look for what a value depends on. Linear in the entries shown and the dependencies that a session meets.
 * Source: Terry et al., "Session guarantees for weakly consistent replicated data", 1994 (writes follow reads across
 * keys); Lloyd et al., "Don't settle for eventual", 2011 (causal dependencies).
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1.
 */
export function visibleDependencies(options: VisibleDependenciesOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  return {
    name: "visible-dependencies",
    claim: "who sees a value also sees what it depends on",
    blindSpots: [
      "dependencies that no value names, and which version of a dependency is shown",
      "sessions that never look for what a value depends on",
    ],
    check: (history, budget) => withinBudget(history, budget, (watch) => check(history, options, watch)),
  };
}

interface Search {
  readonly history: History;
  readonly map: DependencyMap;
  readonly shown: ShownKeys;
  readonly deleted: ReadonlySet<number>;
  readonly anomalies: AnomalyList;
  readonly reasons: Set<string>;
  /** By key: twice the number of the last list that shows it, and one more once it was examined. */
  readonly listed: Int32Array;
  lists: number;
  operations: number;
}

function check(
  history: History,
  { functions, fields, maxAnomalies }: VisibleDependenciesOptions,
  watch: BudgetWatch,
): CheckResult {
  const roles = functionRoles(history, [
    functions?.read ?? "read",
    functions?.list ?? "list",
    functions?.delete ?? "delete",
  ]);
  const names = { after: fields?.after ?? "after", key: fields?.key ?? "key" };
  const isList = (row: number): boolean => roles[history.f[row]!] === LIST && history.type[row] === OK;
  watch.begin(0, 0.4, history.length);
  const map = new DependencyMap(history, names, isList);
  const anomalies = new AnomalyList(maxAnomalies);
  watch.keep(anomalies);
  const deleted = deletedKeys(history, roles);
  const shown = new ShownKeys(map.keyCount, history.sessions.length);
  const listed = new Int32Array(map.keyCount);
  const counts = { lists: 0, operations: 0 };
  const search: Search = { history, map, shown, deleted, anomalies, reasons: new Set(), listed, ...counts };
  const tell = (session: number, read: number, key: number): void => demand(search, session, read, key);
  watch.begin(0.4, 1, history.length);
  for (let row = 0; row < history.length; row++) {
    watch.at(row);
    const role = roles[history.f[row]!]!;
    const mate = history.mate[row]!;
    if (history.type[row] !== INVOKE || mate < 0 || history.type[mate] !== OK) continue;
    if (role !== READ && role !== LIST) continue;
    const session = history.session[row]!;
    shown.settle(session, row, tell);
    const keys = role === LIST ? checkList(search, session, mate) : checkRead(search, session, mate);
    if (keys.length > 0) shown.show(session, mate, keys);
  }
  const { operations } = search;
  return resultOf({ operations, reasons: [...search.reasons], ...anomalies.report(history) });
}

function deletedKeys(history: History, roles: Int8Array): ReadonlySet<number> {
  const deleted = new Set<number>();
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== INVOKE || roles[history.f[row]!] !== DELETE) continue;
    const mate = history.mate[row]!;
    if (mate < 0 || history.type[mate] !== FAIL) deleted.add(history.key[row]!);
  }
  return deleted;
}

/** What a session was shown to depend on something is demanded of its reads from now on. */
function demand(search: Search, session: number, read: number, first: number): void {
  const { map, shown } = search;
  const { starts, needed } = map;
  const waiting = [first];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    if (!shown.know(session, key)) continue;
    tellUnclear(search, key);
    for (let at = starts[key]!; at < starts[key + 1]!; at++) {
      shown.demand(session, needed[at]!, read, key);
      waiting.push(needed[at]!);
    }
  }
}

function tellUnclear({ history, map, reasons }: Search, key: number): void {
  const unclear = map.unclear(key);
  if (unclear === undefined) return;
  reasons.add(
    `${operationName(history, unclear)} makes it unclear what ${clippedText(map.nameOf(key))} depends on`,
  );
}

/** A read of one key: the key that it shows, if it shows something. */
function checkRead(search: Search, session: number, read: number): readonly number[] {
  const { history, map, shown } = search;
  const key = history.key[read]!;
  if (key < 0) return none;
  const demand = map.isNeeded(key) ? shown.demandFor(session, key) : undefined;
  if (demand !== undefined) search.operations++;
  if (!isNothing(history.value[read])) {
    return map.isDependent(key) && !shown.isKnown(session, key) ? [key] : none;
  }
  if (demand === undefined || isDeleted(search, key, read)) return none;
  const proof = () =>
    `${sessionName(history, read)} was shown ${clippedText(map.nameOf(demand.key))} or what depends on it ` +
    `(${operationName(history, demand.by)}), which depends on ${clippedText(map.nameOf(key))}, but when it read that ` +
    `afterwards it found nothing (${operationName(history, read)})`;
  search.anomalies.add({ type: "dependency-missing", key, rows: [demand.by, read], proof });
  return none;
}

/** A list: the keys that it shows and whose dependencies are not demanded yet. */
function checkList(search: Search, session: number, read: number): readonly number[] {
  const { history, map, shown, listed } = search;
  const value = history.value[read];
  if (!Array.isArray(value)) return none;
  const mark = 2 * ++search.lists;
  const dependent: number[] = [];
  for (const entry of value as readonly Json[]) {
    const key = map.entryOf(entry);
    if (key < 0) continue;
    listed[key] = mark;
    if (map.isDependent(key)) dependent.push(key);
  }
  if (dependent.length === 0) return none;
  let isExamined = false;
  for (const key of dependent) {
    if (listed[key] === mark + 1) continue;
    listed[key] = mark + 1;
    isExamined = checkEntry(search, read, key) || isExamined;
  }
  if (isExamined) search.operations++;
  return dependent.filter((key) => !shown.isKnown(session, key));
}

/** Does a list show what one of its entries depends on? False where that depends on nothing. */
function checkEntry(search: Search, read: number, key: number): boolean {
  const { history, map, anomalies, listed, lists } = search;
  const start = map.starts[key]!;
  const end = map.starts[key + 1]!;
  tellUnclear(search, key);
  for (let at = start; at < end; at++) {
    const needed = map.needed[at]!;
    if (listed[needed]! >> 1 === lists || isDeleted(search, needed, read)) continue;
    const proof = () =>
      `${sessionName(history, read)} was shown ${clippedText(map.nameOf(key))} in a list (${operationName(history, read)}), ` +
      `which depends on ${clippedText(map.nameOf(needed))}, but that is not in the list`;
    const found = needed < history.keys.length ? needed : -1;
    anomalies.add({ type: "shown-without-dependency", key: found, rows: [read], proof });
  }
  return end > start;
}

/** Shared; never added to. */
const none: readonly number[] = [];

function isNothing(value: Json | undefined): boolean {
  return versionShown(value, fieldNames) === ABSENT;
}

const fieldNames = entityFields(undefined);

function isDeleted({ history, map, deleted, reasons }: Search, key: number, read: number): boolean {
  if (!deleted.has(key)) return false;
  reasons.add(
    `${clippedText(map.nameOf(key))} is missing in ${operationName(history, read)}, but it may have been deleted`,
  );
  return true;
}
