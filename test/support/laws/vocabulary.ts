import type { HistoryEvent, Json, Operation, RecordEvent } from "../../../checkers/history/operation.ts";

/** An operation or a record: what has a function, a key and a value. */
export type Row = Operation | RecordEvent;

/** Another name for a name; null stays null. */
export type Name = (name: Json) => Json;

/** Gives the value of a row with other names in it. */
type Renaming = (value: Json, name: Name, row: Row) => Json;

/** Where names stand in the values of a kind of history. */
export interface Vocabulary {
  /** Keys that are named within values. */
  readonly keys?: Renaming;
  /** What means nothing by itself: it is only compared for being equal. Absent: values have a meaning, such as amounts. */
  readonly values?: Renaming;
  /** True: the whole history is about one object, whatever the keys are, so that nothing in it is about another. */
  readonly isOneObject?: true;
}

/** Is it an operation or a record? */
export function isRow(event: HistoryEvent): event is Row {
  return event.type !== "fault" && event.type !== "phase";
}

/** The row with its value renamed. */
export function withValue(row: Row, renaming: Renaming | undefined, name: Name): Row {
  if (renaming === undefined || row.value === undefined) return row;
  return { ...row, value: renaming(row.value, name, row) };
}

const whole: Renaming = (value, name) => name(value);

const each: Renaming = (value, name) => (Array.isArray(value) ? value.map(name) : value);

function inFields(renamings: Readonly<Record<string, Renaming>>): Renaming {
  return (value, name, row) =>
    value === null || typeof value !== "object" || Array.isArray(value)
      ? value
      : Object.fromEntries(
          Object.entries(value).map(([field, inner]) => [
            field,
            Object.hasOwn(renamings, field) ? renamings[field]!(inner, name, row) : inner,
          ]),
        );
}

function byFunction(renamings: Readonly<Record<string, Renaming>>): Renaming {
  return (value, name, row) =>
    Object.hasOwn(renamings, row.f) ? renamings[row.f]!(value, name, row) : value;
}

const fieldNames: Renaming = (value, name) =>
  value === null || typeof value !== "object" || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value).map(([field, inner]) => [String(name(field)), inner]));

/** Micro-operations of a transaction: `[name, key, value]`. */
function inMicros(at: 1 | 2): Renaming {
  return (value, name) =>
    (value as Json[][]).map((micro) =>
      micro.map((part, place) => (place !== at ? part : Array.isArray(part) ? part.map(name) : name(part))),
    );
}

const onlyTexts: Renaming = (value, name) => (typeof value === "string" ? name(value) : value);

const transactions: Vocabulary = { keys: inMicros(1), values: inMicros(2) };
const entities: Vocabulary = { values: inFields({ value: whole }) };
const registers: Vocabulary = { values: byFunction({ write: whole, read: whole, cas: each }) };
const lock: Vocabulary = { keys: inFields({ lock: whole }), values: inFields({ value: whole }) };
const sets: Vocabulary = {
  values: (value, name, row) => (row.f === "add" ? name(value) : each(value, name, row)),
};

/** By the name of the source of histories, or the part of it before the first comma. */
const vocabularies: Readonly<Record<string, Vocabulary>> = {
  // No value is read.
  service: {},
  "service in use": {},
  answers: { values: whole },
  caller: { keys: inFields({ life: whole, call: whole }), values: inFields({ step: whole }) },
  cache: entities,
  projection: {
    values: (value, name, row) =>
      row.type === "record" ? inFields({ put: whole, state: whole })(value, name, row) : name(value),
  },
  // States are sums, and events in a new form have amounts.
  "event streams": { values: inFields({ event: onlyTexts, events: each }) },
  sagas: { values: inFields({ step: whole }) },
  holdings: { values: inFields({ of: whole }) },
  deliveries: { values: inFields({ message: whole }) },
  posts: {
    keys: (value, name, row) =>
      row.f === "list" ? each(value, name, row) : inFields({ after: each })(value, name, row),
    values: inFields({ text: whole }),
  },
  "lock with tokens": lock,
  "lock without tokens": lock,
  entities,
  "entities that are deleted": entities,
  register: registers,
  "register whose values repeat": registers,
  "register on replicas": registers,
  "entities on replicas": entities,
  // Amounts.
  stock: {},
  "bank of Jepsen's kind": { values: byFunction({ read: fieldNames }) },
  "counter of Jepsen's kind": {},
  "set of Jepsen's kind": sets,
  "long-fork of Jepsen's kind": transactions,
  // Texts are appended to each other.
  "linearizable kv": {},
  "linearizable counter": {},
  "linearizable set": sets,
  "linearizable queue": { values: whole },
  "linearizable mutex": {},
  "linearizable versioned-entity": entities,
  "linearizable bank": {
    values: byFunction({ read: fieldNames, transfer: inFields({ from: whole, to: whole }) }),
    isOneObject: true,
  },
  lists: transactions,
  registers: transactions,
  transactions,
  replicas: transactions,
  "causal convergence without causal memory": transactions,
};

/** The vocabulary of a source. @throws Error where the table has none. */
export function vocabularyOf(source: string): Vocabulary {
  const found = vocabularies[source] ?? vocabularies[source.split(",")[0]!];
  if (found === undefined) throw new Error(`vocabulary.ts: expected an entry for the source "${source}"`);
  return found;
}
