import { finalRoles, UnreadableRecords } from "../history/final-records.ts";
import { type FunctionNames, functionRoles } from "../history/function-roles.ts";
import { type History, RECORD } from "../history/history.ts";
import { InternTable } from "../history/intern-table.ts";
import { fieldOf } from "../history/json-value.ts";
import { type RowsByKey, rowsByKey } from "../history/rows-by-key.ts";

/** The service's durable truth says that the message must be published. */
export const COMMITTED = 0;
/** The message is in the log of the bus. */
export const PUBLISHED = 1;
/** The effect of the message happened at a consumer. */
export const HANDLED = 2;
/** A consumer set the message aside. */
export const PARKED = 3;
/** A record that does not count: a live one where final ones tell the truth, or one that cannot be read. */
export const IGNORED = 4;

/** Kinds of records that a delivery leaves; their final records can be declared complete. */
export type DeliveryKind = "committed" | "published" | "handled" | "parked";

/** Names of the kinds of records, if they are called otherwise in the history. */
export type DeliveryFunctions = { readonly [kind in DeliveryKind]?: FunctionNames };

const kinds: readonly DeliveryKind[] = ["committed", "published", "handled", "parked"];
const shape = '{"message": "<id>"}';

/**
 * The records of all streams, stream by stream, in columns beside `rows` of {@link RowsByKey}. Those of one
 * stream lie together, so that going through one after the other is not slowed down by records that lie all
 * over the history.
 */
export interface DeliveryRecords extends RowsByKey {
  /** {@link COMMITTED}, {@link PUBLISHED}, {@link HANDLED}, {@link PARKED} or {@link IGNORED}. */
  readonly what: Int8Array;
  /** The id of the message; null where the record does not count. */
  readonly id: readonly (string | number | null)[];
  /** Number of the message within its stream, set by `StreamTable` when it takes the stream; −1. */
  readonly message: Int32Array;
  /** The consumer that handled or parked: its position in `history.nodes` plus 1, 0 where it is not named. */
  readonly consumer: Int32Array;
  /** `sequence` of what was committed, `at` of what was handled; NaN where there is none. */
  readonly order: Float64Array;
  /** Of what was committed: position in `messageKinds`; −1. */
  readonly messageKind: Int32Array;
  /** 1 for what was committed as poison. */
  readonly poison: Uint8Array;
  readonly messageKinds: InternTable<string>;
  /** By kind: do the final records tell everything, so that what is not there did not happen? */
  readonly isComplete: readonly boolean[];
  /** Consumers that handled or parked anything, in the order of first sight. */
  readonly consumers: readonly number[];
  readonly unreadable: UnreadableRecords;
}

/** Collects the records of every stream, going through the history in its own order. Linear. */
export function collectDeliveries(
  history: History,
  functions: DeliveryFunctions,
  inspected: readonly string[],
): DeliveryRecords {
  const roles = functionRoles(
    history,
    kinds.map((kind) => functions[kind] ?? kind),
  );
  const isComplete = finalRoles(history, roles, kinds, inspected);
  const grouped = rowsByKey(history, roles, RECORD);
  const ids = new Array<string | number | null>(grouped.rows.length).fill(null);
  const records = emptyRecords(grouped, ids, isComplete);
  const consumers = new Set<number>();
  const next = records.starts.slice();
  const positionOf = new Int32Array(history.keys.length);
  for (const [position, key] of records.keys.entries()) positionOf[key] = position;
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== RECORD) continue;
    const role = roles[history.f[row]!]!;
    if (role < 0) continue;
    const at = next[positionOf[history.key[row]!]!]!++;
    const value = history.value[row];
    const message = fieldOf(value, "message");
    if (typeof message !== "string" && typeof message !== "number") {
      records.unreadable.add(row, role === COMMITTED ? '{"message": "<id>", "sequence"}' : shape);
      continue;
    }
    if (role === HANDLED || role === PARKED) {
      records.consumer[at] = history.node[row]! + 1;
      consumers.add(history.node[row]! + 1);
    }
    if (isComplete[role] === true && history.final[row] !== 1) continue;
    records.what[at] = role;
    ids[at] = message;
    const order = role === COMMITTED ? fieldOf(value, "sequence") : fieldOf(value, "at");
    if (typeof order === "number") records.order[at] = order;
    if (role !== COMMITTED) continue;
    const kind = fieldOf(value, "kind");
    if (typeof kind === "string") records.messageKind[at] = records.messageKinds.intern(kind);
    if (fieldOf(value, "poison") === true) records.poison[at] = 1;
  }
  return { ...records, consumers: [...consumers] };
}

function emptyRecords(
  grouped: RowsByKey,
  id: readonly (string | number | null)[],
  isComplete: readonly boolean[],
): DeliveryRecords {
  const total = grouped.rows.length;
  return {
    ...grouped,
    what: new Int8Array(total).fill(IGNORED),
    id,
    message: new Int32Array(total).fill(-1),
    consumer: new Int32Array(total),
    order: new Float64Array(total).fill(Number.NaN),
    messageKind: new Int32Array(total).fill(-1),
    poison: new Uint8Array(total),
    messageKinds: new InternTable(),
    isComplete,
    consumers: [],
    unreadable: new UnreadableRecords(),
  };
}
