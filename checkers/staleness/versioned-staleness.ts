import type { ToldProof } from "../anomaly-list.ts";
import { READ } from "../entity/key-kind.ts";
import { ABSENT, versionAcknowledged } from "../entity/versioned-entity.ts";
import { keyName, operationName, sessionName } from "../history/describe-operation.ts";
import { firstAbove } from "../history/first-above.ts";
import { OK } from "../history/history.ts";
import { isJudgedRead, type StalenessTask } from "./staleness-task.ts";

/** Answers on an entity in the order in which they came, each with the highest version that is proven so far. */
interface VersionProofs {
  readonly rows: Int32Array;
  readonly highest: Float64Array;
  /** Why something was left out; null where nothing was. */
  readonly unclear: string | null;
}

/**
 * On a versioned entity: for each read the first answer, to a write or to another read, that proves a version above the
 * one that the read shows. Returns why not all reads can be judged; null where they can. n log n.
 */
export function judgeVersionedReads(task: StalenessTask): string | null {
  const { history, key, rows, versions, meter } = task;
  const proofs = versionProofs(task);
  for (const sent of rows) {
    if (!isJudgedRead(task, sent)) continue;
    const version = versions[history.mate[sent]!]!;
    if (version < ABSENT) continue;
    const at = firstAbove(proofs.highest, version);
    const newer = at < proofs.rows.length ? proofs.rows[at]! : -1;
    if (!meter.isTooOld(sent, newer)) continue;
    meter.blame({
      ...{ key, sent, newer },
      proven: () => provenText(task, newer),
      shown: () => (version === ABSENT ? "nothing" : `version ${version}`),
      origin: () => originOf(task, version),
    });
  }
  return proofs.unclear;
}

function versionProofs(task: StalenessTask): VersionProofs {
  const { history, roles, versions } = task;
  const rows = answersOf(task);
  const highest = new Float64Array(rows.length);
  let most = ABSENT;
  let unclear: string | null = null;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    const version = versions[row]!;
    if (version < ABSENT) {
      const isRead = roles[history.f[row]!] === READ;
      unclear ??= `${operationName(history, row)} ${isRead ? "reads something" : "is acknowledged"} without a version`;
    }
    most = Math.max(most, version);
    highest[at] = most;
  }
  return { rows, highest, unclear };
}

/** Answers to the calls in the order in which they came. */
function answersOf({ history, rows }: StalenessTask): Int32Array {
  const answers = new Int32Array(rows.length);
  let count = 0;
  for (const row of rows) {
    const mate = history.mate[row]!;
    if (mate >= 0 && history.type[mate] === OK) answers[count++] = mate;
  }
  return answers.subarray(0, count).sort();
}

function provenText({ history, roles, fields, versions, key }: StalenessTask, row: number): string {
  const name = keyName(history, key);
  const version = versions[row]!;
  const isRead = roles[history.f[row]!] === READ;
  const isTold = isRead || versionAcknowledged(history, row, fields) >= 0;
  const base = version > 0 ? `, which changes version ${version - 1},` : "";
  const what = isTold ? `version ${version} of ${name}` : `its write of ${name}${base}`;
  const how = isRead ? `was shown ${what}` : `was told that ${what} is stored`;
  return `${sessionName(history, row)} ${how} (${operationName(history, row)})`;
}

/** The write of a version. Linear, and asked for reported reads only. */
function originOf({ history, rows, roles, versions }: StalenessTask, version: number): ToldProof {
  const writes = rows.filter((row) => roles[history.f[row]!] !== READ && history.mate[row]! >= 0);
  const write =
    version === ABSENT ? undefined : writes.find((row) => versions[history.mate[row]!] === version);
  if (write === undefined) return { text: "", rows: [] };
  const told = history.mate[write]!;
  return {
    text: `, a write of ${sessionName(history, told)} (${operationName(history, told)})`,
    rows: [told],
  };
}
