import type { AnomalyList } from "../anomaly-list.ts";
import { ABSENT, type EntityFields, versionAcknowledged, versionShown } from "../entity/versioned-entity.ts";
import { keyName, operationName, sessionName } from "../history/describe-operation.ts";
import { durationText } from "../history/duration-text.ts";
import { firstAbove } from "../history/first-above.ts";
import { functionRoles } from "../history/function-roles.ts";
import { FAIL, type History, INVOKE, OK } from "../history/history.ts";
import { type RowsByKey, rowsByKey } from "../history/rows-by-key.ts";
import type { CacheStalenessOptions } from "./cache-options.ts";

const READ = 0;
const DELETE = 4;
const nanosPerMs = 1e6;

/** How reads from caches are to be judged. */
export interface CachedReadTask {
  readonly history: History;
  readonly options: CacheStalenessOptions;
  readonly fields: Required<EntityFields>;
  /** Nodes that are caches. */
  readonly caches: ReadonlySet<string>;
  readonly anomalies: AnomalyList;
  readonly reasons: string[];
}

/** What reads from caches show. */
export interface CachedReadFindings {
  compared: number;
  /** The longest staleness of a read, in milliseconds; null where no read was compared. */
  longestMs: number | null;
}

/** Acknowledged versions of one entity in the order of their acknowledgement, each with the highest so far. */
interface Acknowledged {
  readonly rows: Int32Array;
  readonly highest: Float64Array;
}

/** How far each read from a cache lags behind the writes acknowledged before it was sent. n log n. */
export function checkCachedReads(task: CachedReadTask): CachedReadFindings {
  const { history, options, caches, reasons } = task;
  const findings: CachedReadFindings = { compared: 0, longestMs: null };
  if (caches.size === 0) return findings;
  const { functions } = options;
  const roles = functionRoles(history, [
    functions?.read ?? "read",
    functions?.create ?? "create",
    functions?.update ?? "update",
    functions?.write ?? "write",
    functions?.delete ?? "delete",
  ]);
  const isCache = Uint8Array.from(history.nodes, (name) => (caches.has(name) ? 1 : 0));
  const grouped = rowsByKey(history, roles);
  for (const [at, key] of grouped.keys.entries()) {
    const reads = cachedReads(task, roles, grouped, at, isCache);
    if (reads.length === 0) continue;
    const deletion = grouped.rows
      .subarray(grouped.starts[at], grouped.starts[at + 1])
      .find((row) => roles[history.f[row]!] === DELETE && !isRefused(history, row));
    if (deletion === undefined)
      judgeReads(task, key, reads, acknowledged(task, roles, grouped, at), findings);
    else if (options.maxStalenessMs !== undefined) {
      reasons.push(
        `reads of ${keyName(history, key)} were not judged: ${operationName(history, deletion)} deletes it`,
      );
    }
  }
  return findings;
}

/** Invocations of reads of an entity that a cache answered with something that can be compared. */
function cachedReads(
  { history, fields }: CachedReadTask,
  roles: Int8Array,
  { rows, starts }: RowsByKey,
  at: number,
  isCache: Uint8Array,
): Int32Array {
  return rows.subarray(starts[at], starts[at + 1]).filter((row) => {
    const mate = history.mate[row]!;
    if (roles[history.f[row]!] !== READ || mate < 0 || history.type[mate] !== OK) return false;
    const node = history.node[mate]!;
    return node >= 0 && isCache[node] === 1 && versionShown(history.value[mate], fields) >= ABSENT;
  });
}

function isRefused({ mate, type }: History, row: number): boolean {
  return mate[row]! >= 0 && type[mate[row]!] === FAIL;
}

function acknowledged(
  { history, fields }: CachedReadTask,
  roles: Int8Array,
  { rows, starts }: RowsByKey,
  at: number,
): Acknowledged {
  const told = rows
    .subarray(starts[at], starts[at + 1])
    .filter((row) => {
      const mate = history.mate[row]!;
      const isWrite = history.type[row] === INVOKE && roles[history.f[row]!] !== READ;
      return (
        isWrite && mate >= 0 && history.type[mate] === OK && versionAcknowledged(history, mate, fields) >= 0
      );
    })
    .map((row) => history.mate[row]!)
    .sort();
  let most = ABSENT;
  const highest = Float64Array.from(told, (row) => {
    most = Math.max(most, versionAcknowledged(history, row, fields));
    return most;
  });
  return { rows: told, highest };
}

function judgeReads(
  { history, options, fields, anomalies }: CachedReadTask,
  key: number,
  reads: Int32Array,
  writes: Acknowledged,
  findings: CachedReadFindings,
): void {
  const { maxStalenessMs } = options;
  for (const row of reads) {
    const read = history.mate[row]!;
    const shown = versionShown(history.value[read], fields);
    findings.compared++;
    const newer = firstAbove(writes.highest, shown);
    const write = newer < writes.rows.length ? writes.rows[newer]! : history.length;
    const staleMs = write < row ? (history.time[row]! - history.time[write]!) / nanosPerMs : 0;
    findings.longestMs = Math.max(findings.longestMs ?? 0, staleMs);
    if (write > row || maxStalenessMs === undefined || staleMs <= maxStalenessMs) continue;
    const proof = () =>
      `${sessionName(history, write)} was told that version ${versionAcknowledged(history, write, fields)} of ` +
      `${keyName(history, key)} is stored (${operationName(history, write)}); ${durationText(staleMs)} later ` +
      `${sessionName(history, read)} asked for it (${operationName(history, row)}) and the cache showed ` +
      `${shown === ABSENT ? "nothing" : `version ${shown}`} (${operationName(history, read)}); at most ` +
      `${maxStalenessMs} ms are allowed`;
    anomalies.add({ type: "stale-read", key, rows: [write, row, read], proof });
  }
}
