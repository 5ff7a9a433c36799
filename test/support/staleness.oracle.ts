import { FAIL, type History, INVOKE, OK } from "../../checkers/history/history.ts";
import { fieldOf } from "../../checkers/history/json-value.ts";
import type { Json } from "../../checkers/history/operation.ts";

/** How stale a read certainly is. */
export interface OracleStaleness {
  /** `index` of the answer. */
  readonly read: number;
  readonly staleMs: number;
}

/** A call on one key that did not certainly fail. */
interface Call {
  readonly f: string;
  /** Row of the invocation. */
  readonly start: number;
  /** Row of the completion; infinite where the outcome is unknown. */
  readonly end: number;
  readonly isOk: boolean;
  readonly asked: Json;
  readonly answered: Json;
}

/** Says how stale a read of a register is at least, by what else was called on it before anybody can have deleted it. */
type Judge = (history: History, read: Call, calls: readonly Call[]) => number;

/**
 * How stale each read is that can be judged, and whether all can. A register's reads are judged by `judge`. The histories have
 * functions by their default names, and versions that are well formed or missing.
 */
export function stalenessOf(
  history: History,
  judge: Judge,
): { readonly reads: OracleStaleness[]; readonly isComplete: boolean } {
  const reads: OracleStaleness[] = [];
  let isComplete = true;
  for (const key of new Set(history.key)) {
    const { calls, refused, asked } = callsOf(history, key);
    const isRegister = asked.has("write") || asked.has("cas");
    const isVersioned = asked.has("create") || asked.has("update");
    const answered = calls.filter(({ f, isOk }) => f === "read" && isOk);
    if (answered.length === 0 || (!isRegister && !isVersioned)) continue;
    const limit = Math.min(...calls.filter(({ f }) => f === "delete").map(({ start }) => start));
    const known = calls.filter(({ start }) => start < limit);
    const judged = answered.filter(({ end }) => end < limit);
    if (judged.length < answered.length) isComplete = false;
    if (isRegister && (isVersioned || isAmbiguous(known, refused))) {
      isComplete = false;
      continue;
    }
    if (isVersioned && known.some(isUnstated)) isComplete = false;
    for (const read of judged) {
      if (isVersioned && isUnstated(read)) continue;
      const newer = isRegister ? judge(history, read, known) : provenAbove(read, known);
      const staleMs = newer < read.start ? (history.time[read.start]! - history.time[newer]!) / 1e6 : 0;
      reads.push({ read: history.index[read.end]!, staleMs });
    }
  }
  return { reads, isComplete };
}

function callsOf(history: History, key: number) {
  const calls: Call[] = [];
  const refused: Call[] = [];
  const asked = new Set<string>();
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== INVOKE || history.key[row] !== key) continue;
    const mate = history.mate[row]!;
    const isOk = mate >= 0 && history.type[mate] === OK;
    const call = {
      f: history.functions[history.f[row]!]!,
      start: row,
      end: isOk ? mate : Number.POSITIVE_INFINITY,
      isOk,
      asked: history.value[row] ?? null,
      answered: isOk ? (history.value[mate] ?? null) : null,
    };
    asked.add(call.f);
    (mate >= 0 && history.type[mate] === FAIL ? refused : calls).push(call);
  }
  return { calls, refused, asked };
}

/** The version that an answer proves at least; null: nothing is proven. */
function provenVersion({ f, asked, answered }: Call): number | null {
  const version = fieldOf(answered, "version") as number | undefined;
  if (version !== undefined) return version;
  if (f === "create") return 0;
  const expected = f === "update" ? (fieldOf(asked, "expected") as number | null | undefined) : undefined;
  return expected === undefined ? null : (expected ?? -1) + 1;
}

function isUnstated(call: Call): boolean {
  return call.isOk && provenVersion(call) === null && !(call.f === "read" && call.answered === null);
}

/** The first answer that proves a version above the one read; infinite where none does. */
function provenAbove(read: Call, calls: readonly Call[]): number {
  const shown = provenVersion(read) ?? -1;
  return Math.min(
    ...calls.filter((call) => call.isOk && (provenVersion(call) ?? -1) > shown).map(({ end }) => end),
  );
}

const stores = ({ f, asked }: Call): Json => (f === "cas" ? (asked as Json[])[1]! : asked);
const sees = ({ f, asked, answered }: Call): Json => (f === "cas" ? (asked as Json[])[0]! : answered);
const isWrite = ({ f }: Call): boolean => f === "write" || f === "cas";
const hasSeen = ({ f, isOk }: Call): boolean => isOk && f !== "write";

/** Is it not certain who wrote what is read? */
function isAmbiguous(calls: readonly Call[], refused: readonly Call[]): boolean {
  const written = calls.filter(isWrite).map(stores);
  const seen = new Set(calls.filter(hasSeen).map(sees));
  const unwritten = [...seen].filter((value) => ![...written, ...refused.map(stores)].includes(value));
  return (
    new Set(written).size < written.length ||
    unwritten.length > 1 ||
    (written.includes(null) && seen.has(null))
  );
}

/** When a value was stored at the latest: when its write was answered, or when somebody saw it after the write was sent. */
function storedBy(value: Json, calls: readonly Call[]): number {
  const writers = calls.filter((call) => isWrite(call) && stores(call) === value);
  const proofs = [...writers, ...calls.filter((call) => hasSeen(call) && sees(call) === value)];
  const from = Math.min(...writers.map(({ start }) => start));
  return Math.min(...proofs.map(({ end }) => end).filter((end) => writers.length === 0 || end > from));
}

/** The first answer that proves a write which was sent after what is read was stored: by comparing all pairs. */
export const byPairs: Judge = (_, read, calls) => {
  const isThere = calls.some((call) => isWrite(call) && stores(call) === sees(read));
  const since = isThere ? storedBy(sees(read), calls) : -1;
  const later = calls.filter((call) => isWrite(call) && call.start > since);
  return Math.min(...later.map((call) => storedBy(stores(call), calls)));
};

/**
 * The same by trying everything that may have happened: each write takes effect at some point between two lines, from its
 * sending until it must have, or never. In each such world the value read is replaced by the next write; the read is as stale as in the world that is
 * kindest to it. For values that were written only.
 */
export const byWorlds: Judge = (history, read, calls) => {
  const writes = calls.filter(isWrite);
  let latest = -1;
  for (const world of worldsOf(history.length, writes, calls)) {
    const own = writes.findIndex((write) => stores(write) === sees(read));
    const from = own < 0 ? -1 : world[own]!;
    const next = Math.min(...world.filter((effect, at) => at !== own && effect > from));
    // What took effect between two lines may have done so at the second one.
    latest = Math.max(latest, next + 1);
  }
  return latest;
};

/** All choices of a point for each write, by the line before it; infinite: it never takes effect. */
function worldsOf(lines: number, writes: readonly Call[], calls: readonly Call[]): number[][] {
  const [write, ...others] = writes;
  if (write === undefined) return [[]];
  const rest = worldsOf(lines, others, calls);
  const until = storedBy(stores(write), calls);
  const points = until < Number.POSITIVE_INFINITY ? [] : [Number.POSITIVE_INFINITY];
  for (let point = write.start; point < Math.min(until, lines); point++) points.push(point);
  return points.flatMap((point) => rest.map((world) => [point, ...world]));
}
