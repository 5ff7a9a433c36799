import type { ToldProof } from "../anomaly-list.ts";
import { CREATE, READ, UPDATE } from "../entity/key-kind.ts";
import {
  ABSENT,
  UNSTATED,
  versionAcknowledged,
  versionExpected,
  versionShown,
} from "../entity/versioned-entity.ts";
import { keyName, operationName, sessionName } from "../history/describe-operation.ts";
import { firstAbove } from "../history/first-above.ts";
import { OK } from "../history/history.ts";
import { isJudgedRead, type StalenessTask } from "./staleness-task.ts";

/** Answers on an entity in the order in which they came, each with the highest version that is proven so far. */
interface VersionProofs {
  readonly rows: Int32Array;
  readonly highest: Float64Array;
}

/**
 * On a versioned entity: for each read the first answer, to a write or to another read, that proves a version above the
 * one that the read shows. Returns why not all reads can be judged; null where they can. n log n.
 */
export function judgeVersionedReads(task: StalenessTask): string | null {
  const { history, key, rows, fields, meter } = task;
  let unclear: string | null = null;
  const proofs = versionProofs(task, (row) => {
    unclear ??= `${operationName(history, row)} is acknowledged without a version`;
  });
  for (const sent of rows) {
    if (!isJudgedRead(task, sent)) continue;
    const read = history.mate[sent]!;
    const version = versionShown(history.value[read], fields);
    if (version < ABSENT) {
      unclear ??= `${operationName(history, read)} reads something without a version`;
      continue;
    }
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
  return unclear;
}

function versionProofs(task: StalenessTask, unstated: (row: number) => void): VersionProofs {
  const { history } = task;
  const rows = task.rows
    .filter((row) => {
      const mate = history.mate[row]!;
      return mate >= 0 && history.type[mate] === OK && mate < task.limit;
    })
    .map((row) => history.mate[row]!)
    .sort();
  let most = ABSENT;
  const highest = Float64Array.from(rows, (row) => {
    const version = provenVersion(task, row);
    if (version === UNSTATED) unstated(row);
    // Whatever is acknowledged is there.
    most = Math.max(most, version === UNSTATED ? 0 : version);
    return most;
  });
  return { rows, highest };
}

/**
 * The version that there is at least, by an answer; {@link ABSENT} or less where a read does not say, {@link UNSTATED} where
 * a write does not. An update without a version led to one above that which it expected, a creation to any.
 */
function provenVersion({ history, roles, fields }: StalenessTask, row: number): number {
  const role = roles[history.f[row]!]!;
  if (role === READ) return Math.max(ABSENT, versionShown(history.value[row], fields));
  const told = versionAcknowledged(history, row, fields);
  if (told >= 0) return told;
  if (told !== UNSTATED) return UNSTATED;
  const expected = role === CREATE ? ABSENT : versionExpected(history, history.mate[row]!, fields);
  return expected < ABSENT ? UNSTATED : expected + 1;
}

function provenText(task: StalenessTask, row: number): string {
  const { history, roles, fields } = task;
  const name = keyName(history, task.key);
  const version = provenVersion(task, row);
  const who = sessionName(history, row);
  const where = `(${operationName(history, row)})`;
  if (roles[history.f[row]!] === READ) return `${who} was shown version ${version} of ${name} ${where}`;
  if (versionAcknowledged(history, row, fields) >= 0)
    return `${who} was told that version ${version} of ${name} is stored ${where}`;
  const base = version > 0 ? `, which changes version ${version - 1},` : "";
  return `${who} was told that its write of ${name}${base} is stored ${where}`;
}

/** The write of a version. Linear, and asked for reported reads only. */
function originOf(task: StalenessTask, version: number): ToldProof {
  const { history, rows, roles } = task;
  if (version === ABSENT) return { text: "", rows: [] };
  for (const row of rows) {
    const role = roles[history.f[row]!]!;
    const mate = history.mate[row]!;
    if ((role !== CREATE && role !== UPDATE) || mate < 0 || history.type[mate] !== OK) continue;
    if (provenVersion(task, mate) !== version) continue;
    return {
      text: `, a write of ${sessionName(history, mate)} (${operationName(history, mate)})`,
      rows: [mate],
    };
  }
  return { text: "", rows: [] };
}
