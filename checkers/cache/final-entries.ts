import type { AnomalyList } from "../anomaly-list.ts";
import { type EntityFields, entityFields } from "../entity/versioned-entity.ts";
import { keyName, nodeName, operationName, valueText } from "../history/describe-operation.ts";
import type { History } from "../history/history.ts";
import { fieldOf, isSameJson } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import type { RowsByKey } from "../history/rows-by-key.ts";
import { recordsByKey } from "../records/records-by-key.ts";
import type { CacheStalenessOptions } from "./cache-options.ts";

/** What was found out about the entries of caches at the end. */
export interface EntryFindings {
  readonly compared: number;
  /** Nodes that hold entries. */
  readonly caches: ReadonlySet<string>;
}

/** Holds each entry of a cache at the end against what is stored. Linear. */
export function checkEntries(
  history: History,
  options: CacheStalenessOptions,
  anomalies: AnomalyList,
  reasons: string[],
): EntryFindings {
  const fields = entityFields(options.fields);
  const stored = recordsByKey(history, options.functions?.stored ?? "stored", "final");
  const cached = recordsByKey(history, options.functions?.cached ?? "cached", "final");
  const caches = new Set<string>();
  for (const row of cached.rows) if (history.node[row]! >= 0) caches.add(nodeName(history, row));
  const [first] = cached.rows;
  if (first !== undefined && stored.rows.length === 0) {
    const name = operationName(history, first);
    reasons.push(`${name} is an entry of a cache, but no final record says what is stored`);
    return { compared: 0, caches };
  }
  const positions = new Map(stored.keys.map((key, at) => [key, at]));
  let compared = 0;
  for (const [at, key] of cached.keys.entries()) {
    const position = positions.get(key) ?? -1;
    const truth = position < 0 ? -1 : stored.rows[stored.starts[position]!]!;
    const other = position < 0 ? -1 : differing(history, stored, position);
    if (other >= 0) {
      const names = `${operationName(history, truth)} and ${operationName(history, other)}`;
      reasons.push(`${keyName(history, key)} was not judged: ${names} differ in what is stored`);
      continue;
    }
    for (let entry = cached.starts[at]!; entry < cached.starts[at + 1]!; entry++) {
      const row = cached.rows[entry]!;
      if (history.value[row] === undefined || history.value[row] === null) continue;
      compared++;
      judge(history, fields, anomalies, { key, row, truth });
    }
  }
  return { compared, caches };
}

/** The first stored record of an entity that differs from the first one; −1. */
function differing(history: History, stored: RowsByKey, position: number): number {
  const start = stored.starts[position]!;
  for (let at = start + 1; at < stored.starts[position + 1]!; at++) {
    const row = stored.rows[at]!;
    if (!isSameJson(history.value[row] ?? null, history.value[stored.rows[start]!] ?? null)) return row;
  }
  return -1;
}

/** An entry of a cache, and the record of what is stored (−1: there is none). */
interface Entry {
  readonly key: number;
  readonly row: number;
  readonly truth: number;
}

function judge(
  history: History,
  fields: Required<EntityFields>,
  anomalies: AnomalyList,
  { key, row, truth }: Entry,
): void {
  const entry = history.value[row];
  const kept = truth < 0 ? undefined : history.value[truth];
  const type = kindOf(fields, entry, kept);
  if (type === null) return;
  const rows: [number, ...number[]] = truth < 0 ? [row] : [truth, row];
  const proof = () =>
    `once all was quiet ${nodeName(history, row)} held ${valueText(entry)} for ${keyName(history, key)} ` +
    `(${operationName(history, row)}), but ` +
    (truth < 0
      ? "no final record says that anything is stored"
      : `what is stored is ${valueText(kept ?? null)} (${operationName(history, truth)})`);
  anomalies.add({ type, key, rows, proof });
}

/** What is wrong with an entry of a cache; null: nothing. */
function kindOf(
  fields: Required<EntityFields>,
  entry: Json | undefined,
  kept: Json | undefined,
): string | null {
  const isKept = isThere(fields, kept);
  if (!isThere(fields, entry)) return isKept ? "stale-entry" : null;
  if (!isKept) return "ghost-entry";
  const cachedVersion = fieldOf(entry, fields.version);
  const storedVersion = fieldOf(kept, fields.version);
  const isSame = isSameJson(fieldOf(entry, fields.value) ?? null, fieldOf(kept, fields.value) ?? null);
  if (typeof cachedVersion !== "number" || typeof storedVersion !== "number") {
    return isSame ? null : "stale-entry";
  }
  if (cachedVersion < storedVersion) return "stale-entry";
  if (cachedVersion > storedVersion) return "ghost-entry";
  return isSame ? null : "wrong-entry";
}

/** Does a record say that something is there: a version above 0, or a value? */
function isThere(fields: Required<EntityFields>, value: Json | undefined): boolean {
  const version = fieldOf(value, fields.version);
  if (typeof version === "number" && version !== 0) return true;
  const held = fieldOf(value, fields.value);
  return held !== undefined && held !== null;
}
