import { createdVersion } from "../entity/created-version.ts";
import { CREATE, DELETE, READ, UPDATE } from "../entity/key-kind.ts";
import {
  ABSENT,
  MALFORMED,
  UNSTATED,
  valueWritten,
  versionAcknowledged,
  versionExpected,
  versionShown,
} from "../entity/versioned-entity.ts";
import { keyName, operationName, sessionName, valueText } from "../history/describe-operation.ts";
import type { History } from "../history/history.ts";
import { fieldOf, isSameJson } from "../history/json-value.ts";
import {
  type DurabilityFindings,
  type DurabilityTask,
  endOf,
  isFinalRead,
  isRefused,
  walkInOrder,
} from "./final-state.ts";

/** What had been acknowledged when a call was sent. */
interface Acknowledged {
  /** The write with the highest version that no delete can have undone; −1. */
  highest: number;
  highestVersion: number;
  /** By version that a final read shows: writes that no delete can have undone. */
  readonly byVersion: Map<number, number[]>;
  /** The delete that was sent last; −1. */
  lastDelete: number;
}

/** What must be known of a key before its operations are gone through. */
interface Ends {
  /** When deletes and writes may take effect at the latest. */
  readonly lastDelete: number;
  readonly lastWrite: number;
  /** Versions that final reads show. */
  readonly shown: ReadonlySet<number>;
}

/**
 * A versioned entity: each final read shows a version at or after every version acknowledged before it
 * was sent, with the value of the write of that version; and it shows nothing only if a delete may have
 * been last, and something only if some write may have come after each acknowledged delete.
 */
export function checkVersionedDurability(task: DurabilityTask): DurabilityFindings {
  const { history } = task;
  const findings: DurabilityFindings = { acknowledged: 0, finalReads: 0, unclear: null };
  const ends = endsOf(task);
  let created = -1;
  const createdAs = (): number => {
    if (created < 0) created = createdVersion(task);
    return created;
  };
  const state: Acknowledged = { highest: -1, highestVersion: ABSENT, byVersion: new Map(), lastDelete: -1 };
  const visit = (row: number, role: number): void => {
    if (role !== READ || !isFinalRead(history, row)) return;
    const shown = versionShown(history.value[history.mate[row]!], task.fields);
    if (shown === MALFORMED) {
      findings.unclear ??= `${operationName(history, history.mate[row]!)} reads something without a version`;
      return;
    }
    findings.finalReads++;
    compare(task, state, ends, row, shown);
  };
  const completed = (row: number, role: number): void => {
    findings.acknowledged++;
    if (role === DELETE) {
      if (row > state.lastDelete) state.lastDelete = row;
      return;
    }
    if (row < ends.lastDelete) return;
    const version = acknowledgedVersion(task, row, role, createdAs);
    if (version < 0) {
      findings.unclear ??= `${operationName(history, history.mate[row]!)} is acknowledged without a version`;
    } else addWrite(state, row, version, ends.shown);
  };
  walkInOrder(task, visit, completed);
  return findings;
}

function addWrite(state: Acknowledged, row: number, version: number, shown: ReadonlySet<number>): void {
  if (shown.has(version)) {
    const same = state.byVersion.get(version);
    if (same === undefined) state.byVersion.set(version, [row]);
    else same.push(row);
  }
  if (version <= state.highestVersion) return;
  state.highestVersion = version;
  state.highest = row;
}

function endsOf({ history, rows, roles, fields }: DurabilityTask): Ends {
  let lastDelete = -1;
  let lastWrite = -1;
  const shown = new Set<number>();
  for (const row of rows) {
    const role = roles[history.f[row]!]!;
    if (role === READ) {
      if (isFinalRead(history, row)) shown.add(versionShown(history.value[history.mate[row]!], fields));
    } else if (isRefused(history, row)) continue;
    else if (role === DELETE) lastDelete = Math.max(lastDelete, endOf(history, row));
    else if (role === CREATE || role === UPDATE) lastWrite = Math.max(lastWrite, endOf(history, row));
  }
  return { lastDelete, lastWrite, shown };
}

function compare(task: DurabilityTask, state: Acknowledged, ends: Ends, row: number, shown: number): void {
  const { history, key, anomalies } = task;
  const read = history.mate[row]!;
  if (shown !== ABSENT && state.lastDelete >= 0 && ends.lastWrite < state.lastDelete) {
    const deleted = history.mate[state.lastDelete]!;
    const proof = () =>
      `${sessionName(history, deleted)} was told that ${keyName(history, key)} is deleted ` +
      `(${operationName(history, deleted)}), and nobody wrote it afterwards, but the final read shows version ` +
      `${shown} (${operationName(history, read)})`;
    anomalies.add({ type: "resurrected-entity", key, rows: [deleted, read], proof });
  }
  if (state.highest >= 0 && shown < state.highestVersion) {
    const { highestVersion } = state;
    const told = history.mate[state.highest]!;
    const proof = () =>
      `${toldText(history, key, told, highestVersion)}, but the final read ` +
      `${shown === ABSENT ? "finds nothing" : `shows version ${shown}`} (${operationName(history, read)})`;
    anomalies.add({ type: "lost-write", key, rows: [told, read], proof });
  }
  const replaced = replacedWrite(task, state, read, shown);
  if (replaced < 0) return;
  const told = history.mate[replaced]!;
  const proof = () =>
    `${toldText(history, key, told, shown)} with value ${valueText(valueWritten(history, replaced, task.fields))}, ` +
    `but the final read shows ${valueText(fieldOf(history.value[read], task.fields.value))} at that version ` +
    `(${operationName(history, read)})`;
  anomalies.add({ type: "replaced-write", key, rows: [told, read], proof });
}

/** A write that was acknowledged with the version shown and asked for another value; −1. */
function replacedWrite(task: DurabilityTask, state: Acknowledged, read: number, shown: number): number {
  const { history, fields } = task;
  const value = fieldOf(history.value[read], fields.value);
  if (value === undefined) return -1;
  for (const write of state.byVersion.get(shown) ?? []) {
    const written = valueWritten(history, write, fields);
    if (written !== undefined && !isSameJson(written, value)) return write;
  }
  return -1;
}

function acknowledgedVersion(
  { history, fields }: DurabilityTask,
  row: number,
  role: number,
  createdAs: () => number,
): number {
  const told = versionAcknowledged(history, history.mate[row]!, fields);
  if (told !== UNSTATED) return told;
  const expected = role === CREATE ? ABSENT : versionExpected(history, row, fields);
  if (expected === ABSENT) return createdAs();
  return expected < 0 ? MALFORMED : expected + 1;
}

function toldText(history: History, key: number, told: number, version: number): string {
  return (
    `${sessionName(history, told)} was told that ${keyName(history, key)} is stored as version ${version} ` +
    `(${operationName(history, told)})`
  );
}
