import type { SerializableTransaction } from "./serializable-transaction.ts";
import type { StoredValue } from "./stored-value.ts";
import { indexKeyPart } from "./stored-values.ts";
import type { Tuple } from "./tuple.ts";

/** A key of an index: the value itself for one column, a text for several. */
export type IndexKey = number | bigint | string | boolean;

/** What an index is, besides its entries. */
export interface TableIndexDefinition {
  readonly name: string;
  /** Positions of its columns. */
  readonly columns: readonly number[];
  readonly unique: boolean;
  readonly primary: boolean;
}

const none: readonly Tuple[] = [];

/** An index of a table: every row version by its key. Versions with a null in the key are left out. */
export class TableIndex {
  readonly name: string;
  readonly columns: readonly number[];
  readonly unique: boolean;
  readonly primary: boolean;
  /** Serializable transactions that searched it. */
  readonly readers: SerializableTransaction[] = [];
  readonly #entries = new Map<IndexKey, Tuple[]>();

  constructor(definition: TableIndexDefinition) {
    this.name = definition.name;
    this.columns = definition.columns;
    this.unique = definition.unique;
    this.primary = definition.primary;
  }

  /** The key of a row, or null where a part of it is null. */
  keyOf(values: readonly StoredValue[]): IndexKey | null {
    if (this.columns.length === 1) return indexKeyPart(values[this.columns[0] as number] ?? null);
    return compositeKey(this.columns.map((position) => values[position] ?? null));
  }

  /** The key made of these values, in the order of the index's columns. */
  keyOfParts(parts: readonly StoredValue[]): IndexKey | null {
    return parts.length === 1 ? indexKeyPart(parts[0] ?? null) : compositeKey(parts);
  }

  /** Every version with the key, oldest first. */
  find(key: IndexKey): readonly Tuple[] {
    return this.#entries.get(key) ?? none;
  }

  add(tuple: Tuple): void {
    const key = this.keyOf(tuple.values);
    if (key === null) return;
    const known = this.#entries.get(key);
    if (known === undefined) this.#entries.set(key, [tuple]);
    else known.push(tuple);
  }

  remove(tuple: Tuple): void {
    const key = this.keyOf(tuple.values);
    if (key === null) return;
    const known = this.#entries.get(key);
    const at = known?.indexOf(tuple) ?? -1;
    if (known === undefined || at < 0) return;
    if (known.length === 1) this.#entries.delete(key);
    else known.splice(at, 1);
  }
}

function compositeKey(parts: readonly StoredValue[]): string | null {
  let key = "";
  for (const part of parts) {
    const value = indexKeyPart(part);
    if (value === null) return null;
    const text = String(value);
    key += `${text.length}:${text}`;
  }
  return key;
}
