import { FAIL, type History, INVOKE, OK } from "../../checkers/history/history.ts";
import { fieldOf, isSameJson } from "../../checkers/history/json-value.ts";
import type { Json } from "../../checkers/history/operation.ts";
import type { VersionKind } from "../../checkers/optimistic-lock/version-reading.ts";

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
export function isExplainedChain(history: History, kind: VersionKind = "consecutive"): boolean {
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
    const from = { row: 0, chain, applied: new Set<number>(), excused: new Set<number>() };
    return explains({ history, kind, versions, seen }, from);
  });
}

interface Question {
  readonly history: History;
  readonly kind: VersionKind;
  readonly versions: ReadonlySet<number>;
  readonly seen: Set<string>;
}

function explains(question: Question, search: Search): boolean {
  const { history, seen } = question;
  const name = JSON.stringify([
    search.row,
    search.chain,
    [...search.applied].sort(),
    [...search.excused].sort(),
  ]);
  if (seen.has(name)) return false;
  seen.add(name);
  if (search.row === history.length) return true;
  if (passRow(history, search).some((next) => explains(question, next))) return true;
  return pendingWrites(history, search).some((write) =>
    effects(question, write, search.chain.at(-1)!).some((state) => {
      const excused = new Set(search.excused);
      for (const call of pending(history, search.row)) {
        if (expectedOf(history, call) !== state.version) excused.add(call);
      }
      const applied = new Set([...search.applied, write]);
      return explains(question, { ...search, chain: [...search.chain, state], applied, excused });
    }),
  );
}

/** The ways to go on after the event of a search's row; none where that event contradicts it. */
function passRow(history: History, search: Search): Search[] {
  const { row } = search;
  const type = history.type[row]!;
  const mate = history.mate[row]!;
  const f = history.functions[history.f[row]!]!;
  const after = { ...search, row: row + 1 };
  if (type === INVOKE) {
    if (f === "read" || expectedOf(history, row) === search.chain.at(-1)!.version) return [after];
    return [{ ...after, excused: new Set([...search.excused, row]) }];
  }
  if (type === OK && f === "read") return passRead(history, after, row);
  if (type === OK) return search.applied.has(mate) ? [after] : [];
  if (type !== FAIL || f === "read" || expectedOf(history, mate) === undefined) return [after];
  return history.error.get(row)?.code !== "conflict" || search.excused.has(mate) ? [after] : [];
}

function passRead(history: History, after: Search, row: number): Search[] {
  const shown = history.value[row];
  if (shown === null || shown === undefined)
    return after.chain.some((state) => state.version === null) ? [after] : [];
  const version = fieldOf(shown, "version");
  const value = fieldOf(shown, "value");
  return after.chain.flatMap((state, at) => {
    if (state.version !== version) return [];
    if (value === undefined || isSameJson(state.value, value)) return [after];
    if (state.value !== undefined) return [];
    return [{ ...after, chain: after.chain.with(at, { version: state.version, value }) }];
  });
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
function effects({ history, kind, versions }: Question, write: number, from: State): State[] {
  if (history.functions[history.f[write]!] === "delete") return [{ version: null, value: undefined }];
  const mate = history.mate[write]!;
  const isOk = mate >= 0 && history.type[mate] === OK;
  const expected = expectedOf(history, write);
  if (expected === undefined ? from.version === null : expected !== from.version) return [];
  const confirmed = isOk ? fieldOf(history.value[mate], "value") : undefined;
  const value = confirmed === undefined ? fieldOf(history.value[write], "value") : confirmed;
  const told = isOk ? fieldOf(history.value[mate], "version") : undefined;
  if (from.version === null && typeof told === "number") return [{ version: told, value }];
  if (from.version === null) {
    const isFirst = isOk && kind === "consecutive";
    return isFirst ? [{ version: 1, value }] : [...versions].map((version) => ({ version, value }));
  }
  const base = from.version;
  const fits = (version: number): boolean =>
    kind === "opaque" || (kind === "rising" ? version > base : version === base + 1);
  const possible = typeof told === "number" ? [told] : [...new Set([...versions, base + 1])];
  return possible.filter(fits).map((version) => ({ version, value }));
}

/** `undefined`: whatever is there. */
function expectedOf(history: History, call: number): number | null | undefined {
  const expected = fieldOf(history.value[call], "expected");
  if (typeof expected === "number") return expected;
  const isUpdate = history.functions[history.f[call]!] === "update";
  return isUpdate && expected === undefined ? undefined : null;
}

/**
 * Invocations of accepted updates of a version that the session had been shown before an entity was deleted, while
 * somebody may have created it anew: straight from the definition of `aba`.
 */
export function returnedVersions(history: History): number[] {
  const rows = Array.from({ length: history.length }, (_, row) => row);
  const nameOf = (row: number): string => history.functions[history.f[row]!]!;
  const calls = rows.filter((row) => history.type[row] === INVOKE);
  const endOf = (row: number): number => {
    const mate = history.mate[row]!;
    return mate >= 0 && history.type[mate] === OK ? mate : Number.POSITIVE_INFINITY;
  };
  const isRefused = (row: number): boolean =>
    history.mate[row]! >= 0 && history.type[history.mate[row]!] === FAIL;
  return calls.filter((update) => {
    const expected = expectedOf(history, update);
    if (
      nameOf(update) !== "update" ||
      typeof expected !== "number" ||
      endOf(update) === Number.POSITIVE_INFINITY
    )
      return false;
    const base = rows.findLast(
      (row) => row < update && history.type[row] === OK && history.session[row] === history.session[update],
    );
    if (base === undefined || fieldOf(history.value[base], "version") !== expected) return false;
    const isGone = calls.filter((row) => nameOf(row) === "delete" && row > base && endOf(row) < update);
    const last = isGone.at(-1);
    if (last === undefined) return false;
    return calls.some(
      (row) =>
        nameOf(row) !== "read" &&
        expectedOf(history, row) === null &&
        nameOf(row) !== "delete" &&
        !isRefused(row) &&
        row < endOf(update) &&
        endOf(row) > last,
    );
  });
}
