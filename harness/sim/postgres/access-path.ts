import type { BoundExpression } from "./bound-expression.ts";
import type { StoredValue } from "./stored-value.ts";
import type { Table } from "./table.ts";
import type { IndexKey, TableIndex } from "./table-index.ts";

/** How to find candidate rows: these keys of an index, or the whole table. */
export type AccessPath = { readonly index: TableIndex; readonly keys: readonly IndexKey[] } | null;

/** Chooses an index whose columns the condition fixes by equality (or one column by a list of values). */
export function chooseAccessPath(table: Table, condition: BoundExpression | null): AccessPath {
  if (condition === null || table.indexes.length === 0) return null;
  if (condition.kind === "compare") return singleColumnPath(table, condition);
  const fixed = new Map<number, readonly StoredValue[]>();
  collectFixed(condition, fixed);
  if (fixed.size === 0) return null;
  for (const index of table.indexes) {
    const parts = index.columns.map((position) => fixed.get(position));
    if (parts.includes(undefined)) continue;
    const single = parts.every((values) => values?.length === 1);
    if (single) {
      const key = index.keyOfParts(parts.map((values) => values?.[0] ?? null));
      return { index, keys: key === null ? [] : [key] };
    }
    if (parts.length === 1) return { index, keys: distinctKeys(index, parts[0] ?? []) };
  }
  return null;
}

function singleColumnPath(
  table: Table,
  condition: Extract<BoundExpression, { kind: "compare" }>,
): AccessPath {
  const { operator, left, right } = condition;
  if (operator !== "=" || left.kind !== "column" || right.kind !== "constant") return null;
  for (const index of table.indexes) {
    if (index.columns.length !== 1 || index.columns[0] !== left.index) continue;
    const key = index.keyOfParts([right.value]);
    return { index, keys: key === null ? [] : [key] };
  }
  return null;
}

function collectFixed(condition: BoundExpression, fixed: Map<number, readonly StoredValue[]>): void {
  if (condition.kind === "logic" && condition.operator === "and") {
    collectFixed(condition.left, fixed);
    collectFixed(condition.right, fixed);
  } else if (condition.kind === "compare") {
    const { operator, left, right } = condition;
    if (operator === "=" && left.kind === "column" && right.kind === "constant")
      fixed.set(left.index, [right.value]);
  } else if (condition.kind === "in" && condition.operand.kind === "column") {
    const values: StoredValue[] = [];
    for (const item of condition.items) {
      if (item.kind !== "constant") return;
      values.push(item.value);
    }
    if (!fixed.has(condition.operand.index)) fixed.set(condition.operand.index, values);
  }
}

function distinctKeys(index: TableIndex, values: readonly StoredValue[]): IndexKey[] {
  const keys = new Set<IndexKey>();
  for (const value of values) {
    const key = index.keyOfParts([value]);
    if (key !== null) keys.add(key);
  }
  return [...keys];
}
