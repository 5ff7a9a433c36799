import { type History, INFO, INVOKE, OK } from "../history/history.ts";
import { fieldOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { type RowsByKey, rowsByKey } from "../history/rows-by-key.ts";
import { CREATE, DELETE, READ } from "./key-kind.ts";
import {
  ABSENT,
  type EntityFields,
  UNSTATED,
  valueWritten,
  versionAcknowledged,
  versionExpected,
  versionShown,
} from "./versioned-entity.ts";

/**
 * The calls on versioned entities key by key, in columns beside `rows` of {@link RowsByKey}. What a judge
 * needs of an entity's calls lies together, so that going through one entity after the other is not slowed
 * down by calls that lie all over the history.
 */
export interface EntityCalls extends RowsByKey {
  /** Role of the function that was called; see `key-kind.ts`. */
  readonly role: Int8Array;
  /** How it ended; what never ended is INFO. */
  readonly outcome: Int8Array;
  /** Row of the completion; −1. */
  readonly end: Int32Array;
  /** The version that a write was based on; see `versionExpected`. */
  readonly expected: Float64Array;
  /** The version that a read shows or a write was acknowledged with; see `versionShown`, `versionAcknowledged`. */
  readonly version: Float64Array;
  /** The state that a read shows or a write stores; undefined where not known. */
  readonly value: readonly (Json | undefined)[];
}

/** Collects the calls that have a role, going through the history in its own order. Linear. */
export function entityCalls(history: History, roles: Int8Array, fields: Required<EntityFields>): EntityCalls {
  const grouped = rowsByKey(history, roles);
  const total = grouped.rows.length;
  const role = new Int8Array(total);
  const outcome = new Int8Array(total);
  const end = new Int32Array(total);
  const expected = new Float64Array(total).fill(UNSTATED);
  const version = new Float64Array(total).fill(UNSTATED);
  const value = new Array<Json | undefined>(total).fill(undefined);
  const next = new Int32Array(history.keys.length + 1);
  for (const [position, key] of grouped.keys.entries()) next[key + 1] = grouped.starts[position]!;
  for (let row = 0; row < history.length; row++) {
    const calledAs = roles[history.f[row]!]!;
    if (history.type[row] !== INVOKE || calledAs < 0) continue;
    const at = next[history.key[row]! + 1]!++;
    const mate = history.mate[row]!;
    const ended = mate < 0 ? INFO : history.type[mate]!;
    role[at] = calledAs;
    outcome[at] = ended;
    end[at] = mate;
    if (calledAs === READ) {
      if (ended !== OK) continue;
      version[at] = versionShown(history.value[mate], fields);
      value[at] = fieldOf(history.value[mate], fields.value);
    } else if (calledAs !== DELETE) {
      expected[at] = calledAs === CREATE ? ABSENT : versionExpected(history, row, fields);
      if (ended !== OK) continue;
      version[at] = versionAcknowledged(history, mate, fields);
      value[at] = valueWritten(history, row, fields);
    }
  }
  return { ...grouped, role, outcome, end, expected, version, value };
}
