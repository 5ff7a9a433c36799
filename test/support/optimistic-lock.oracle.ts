import { FAIL, type History, INVOKE, OK } from "../../checkers/history/history.ts";
import { fieldOf, isSameJson } from "../../checkers/history/json-value.ts";
import type { Json } from "../../checkers/history/operation.ts";

interface State {
  readonly version: number | null;
  /** `undefined`: not known, could be any. */
  readonly value: Json | undefined;
}

interface Search {
  readonly row: number;
  readonly chain: readonly State[];
  /** Invocations of writes that took effect. */
  readonly applied: ReadonlySet<number>;
  /** Open calls that met a version other than the one they expected. */
  readonly excused: ReadonlySet<number>;
}

/**
 * Brute force: is there a state at the start and a moment for each write that explains the history of one
 * key? Tries everything, straight from the definition in the docstring of `optimisticLock`.
 */
export function isExplainedChain(history: History): boolean {
  const versions = new Set<number>([1, 1000]);
  for (const value of history.value) {
    for (const field of ["version", "expected"]) {
      const version = fieldOf(value, field);
      if (typeof version === "number")
        for (const near of [-1, 0, 1]) versions.add(Math.max(0, version + near));
    }
  }
  const seen = new Set<string>();
  return [null, ...versions].some((version) => {
    const chain = [{ version, value: version === null ? null : undefined }];
    return explains(history, { row: 0, chain, applied: new Set(), excused: new Set() }, versions, seen);
  });
}

function explains(
  history: History,
  search: Search,
  versions: ReadonlySet<number>,
  seen: Set<string>,
): boolean {
  const name = JSON.stringify([
    search.row,
    search.chain,
    [...search.applied].sort(),
    [...search.excused].sort(),
  ]);
  if (seen.has(name)) return false;
  seen.add(name);
  if (search.row === history.length) return true;
  const next = passRow(history, search);
  if (next !== null && explains(history, next, versions, seen)) return true;
  return pendingWrites(history, search).some((write) =>
    effects(history, write, search.chain.at(-1)!, versions).some((state) => {
      const excused = new Set(search.excused);
      for (const call of pending(history, search.row)) {
        if (expectedOf(history, call) !== state.version) excused.add(call);
      }
      const applied = new Set([...search.applied, write]);
      return explains(
        history,
        { ...search, chain: [...search.chain, state], applied, excused },
        versions,
        seen,
      );
    }),
  );
}

/** The search after the event of its row, or null where that event contradicts it. */
function passRow(history: History, search: Search): Search | null {
  const { row } = search;
  const type = history.type[row]!;
  const mate = history.mate[row]!;
  const f = history.functions[history.f[row]!]!;
  const after = { ...search, row: row + 1 };
  if (type === INVOKE) {
    if (f === "read" || expectedOf(history, row) === search.chain.at(-1)!.version) return after;
    return { ...after, excused: new Set([...search.excused, row]) };
  }
  if (type === OK && f === "read") return passRead(history, after, row);
  if (type === OK) return search.applied.has(mate) ? after : null;
  if (type !== FAIL || f === "read") return after;
  return history.error.get(row)?.code !== "conflict" || search.excused.has(mate) ? after : null;
}

function passRead(history: History, after: Search, row: number): Search | null {
  const shown = history.value[row];
  if (shown === null || shown === undefined) return after.chain[0]!.version === null ? after : null;
  const version = fieldOf(shown, "version");
  const value = fieldOf(shown, "value");
  const at = after.chain.findIndex((state) => state.version === version);
  if (at < 0) return null;
  const state = after.chain[at]!;
  if (value === undefined || isSameJson(state.value, value)) return after;
  if (state.value !== undefined) return null;
  return { ...after, chain: after.chain.with(at, { version: state.version, value }) };
}

function pending(history: History, row: number): number[] {
  const calls: number[] = [];
  for (let call = 0; call < row; call++) {
    if (history.type[call] === INVOKE && (history.mate[call]! < 0 || history.mate[call]! >= row))
      calls.push(call);
  }
  return calls;
}

function pendingWrites(history: History, search: Search): number[] {
  const calls: number[] = [];
  for (let call = 0; call < search.row; call++) {
    if (history.type[call] !== INVOKE || search.applied.has(call)) continue;
    if (history.functions[history.f[call]!] === "read") continue;
    const mate = history.mate[call]!;
    const outcome = mate < 0 ? 3 : history.type[mate]!;
    if (outcome === 3 || (outcome === OK && mate >= search.row)) calls.push(call);
  }
  return calls;
}

/** The states that a write can lead to. */
function effects(history: History, write: number, from: State, versions: ReadonlySet<number>): State[] {
  const mate = history.mate[write]!;
  const isOk = mate >= 0 && history.type[mate] === OK;
  const expected = expectedOf(history, write);
  if (expected !== from.version) return [];
  const confirmed = isOk ? fieldOf(history.value[mate], "value") : undefined;
  const value = confirmed === undefined ? fieldOf(history.value[write], "value") : confirmed;
  const told = isOk ? fieldOf(history.value[mate], "version") : undefined;
  if (expected === null) {
    if (typeof told === "number") return [{ version: told, value }];
    return isOk ? [{ version: 1, value }] : [...versions].map((version) => ({ version, value }));
  }
  return told === undefined || told === expected + 1 ? [{ version: expected + 1, value }] : [];
}

function expectedOf(history: History, call: number): number | null {
  const expected = fieldOf(history.value[call], "expected");
  return typeof expected === "number" ? expected : null;
}
