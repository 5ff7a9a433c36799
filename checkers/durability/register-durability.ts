import { CAS, DELETE, READ, WRITE } from "../entity/key-kind.ts";
import { keyName, operationName, sessionName, valueText } from "../history/describe-operation.ts";
import { identityOf, isPair } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import {
  type DurabilityFindings,
  type DurabilityTask,
  endOf,
  isFinalRead,
  isRefused,
  walkInOrder,
} from "./final-state.ts";

/** Who may have stored a value. */
interface Writers {
  /** Invocation of the first write of the value. */
  readonly first: number;
  /** When the last of its writes may take effect at the latest. */
  end: number;
}

/** A final read that was sent, with what had been acknowledged by then. */
interface Pending {
  readonly row: number;
  /** The write that was sent last of those acknowledged; −1. */
  readonly last: number;
}

/**
 * A register: each final read shows the value of a write that is not certainly overwritten, that is, no
 * write was sent after it had been acknowledged and acknowledged before the read was sent. A delete
 * writes null. Values need not be unique: one possible writer is enough.
 */
export function checkRegisterDurability(task: DurabilityTask): DurabilityFindings {
  const { history } = task;
  const findings: DurabilityFindings = { acknowledged: 0, finalReads: 0, unclear: null };
  const writers = new Map<string | number | boolean | null, Writers>();
  let last = -1;
  let pending: Pending[] = [];
  const visit = (row: number, role: number): void => {
    if (pending.length > 0) {
      for (const read of pending) if (endOf(history, read.row) < row) compare(task, writers, read);
      pending = pending.filter((read) => endOf(history, read.row) >= row);
    }
    if (role === READ && isFinalRead(history, row)) {
      findings.finalReads++;
      pending.push({ row, last });
    } else if (role === CAS && !isPair(history.value[row])) {
      findings.unclear ??= `${operationName(history, row)} is no pair of old and new value`;
    } else if (role !== READ && !isRefused(history, row)) addWriter(task, writers, row, role);
  };
  const completed = (row: number): void => {
    findings.acknowledged++;
    last = Math.max(last, row);
  };
  walkInOrder(task, visit, completed);
  for (const read of pending) compare(task, writers, read);
  return findings;
}

function addWriter(
  task: DurabilityTask,
  writers: Map<string | number | boolean | null, Writers>,
  row: number,
  role: number,
): void {
  const identity = identityOf(storedBy(task, row, role));
  const known = writers.get(identity);
  const end = endOf(task.history, row);
  if (known === undefined) writers.set(identity, { first: row, end });
  else known.end = Math.max(known.end, end);
}

function storedBy({ history }: DurabilityTask, row: number, role: number): Json {
  const value = history.value[row] ?? null;
  if (role === CAS) return isPair(value) ? value[1] : null;
  return role === WRITE ? value : null;
}

function compare(
  task: DurabilityTask,
  writers: ReadonlyMap<string | number | boolean | null, Writers>,
  { row, last }: Pending,
): void {
  if (last < 0) return;
  const { history, key, anomalies, roles } = task;
  const read = history.mate[row]!;
  const value = history.value[read] ?? null;
  const writer = writers.get(identityOf(value));
  if (writer !== undefined && writer.end > last) return;
  const told = history.mate[last]!;
  const isDelete = roles[history.f[last]!] === DELETE;
  const stored = valueText(storedBy(task, last, roles[history.f[last]!]!));
  const what = isDelete ? "is deleted" : `holds ${stored}`;
  const promise = () =>
    `${sessionName(history, told)} was told that ${keyName(history, key)} ${what} (${operationName(history, told)}), ` +
    `but the final read shows ${valueText(value)} (${operationName(history, read)})`;
  if (writer === undefined) {
    const proof = () =>
      `${promise()}, ${value === null ? "which was there before any write" : "which no operation wrote"}`;
    const type = isDelete ? "resurrected-value" : "lost-write";
    anomalies.add({ type, key, rows: [told, read], proof });
    return;
  }
  const first = history.mate[writer.first]!;
  const proof = () =>
    `${promise()}, which had been stored before that write was sent (${operationName(history, first)})`;
  anomalies.add({ type: "resurrected-value", key, rows: [told, read, first], proof });
}
