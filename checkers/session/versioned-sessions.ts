import type { AnomalyList } from "../anomaly-list.ts";
import { CREATE, READ, UPDATE } from "../entity/key-kind.ts";
import {
  ABSENT,
  type EntityFields,
  MALFORMED,
  UNSTATED,
  versionAcknowledged,
  versionExpected,
  versionShown,
} from "../entity/versioned-entity.ts";
import { CompletionQueue } from "../history/completion-queue.ts";
import { keyName, operationName, sessionName } from "../history/describe-operation.ts";
import { type History, OK } from "../history/history.ts";
import type { SessionFindings, SessionTask } from "./session-task.ts";

/** What a session has been told of its own writes on one key. */
interface OwnVersions {
  /** Highest acknowledged version, and the completion that told it. */
  version: number;
  toldBy: number;
  /** Acknowledged writes that were not yet completed when the last call was made. */
  readonly underWay: CompletionQueue<{ readonly version: number; readonly completion: number }>;
}

/**
 * On a versioned entity: each read of a session is at or after every version that the session had been
 * told was stored, before it sent the read. n log n at worst, linear where sessions have few calls open at a time.
 */
export function checkVersionedSessions(task: SessionTask): SessionFindings {
  const { history, key, rows, roles, fields, anomalies } = task;
  const sessions = new Map<number, OwnVersions>();
  const findings: SessionFindings = { compared: 0, unclear: null };
  for (const row of rows) {
    const mate = history.mate[row]!;
    if (mate < 0 || history.type[mate] !== OK) continue;
    const role = roles[history.f[row]!]!;
    const session = history.session[row]!;
    let own = sessions.get(session);
    if (role === READ) {
      if (own === undefined) continue;
      settle(own, row);
      if (own.toldBy < 0) continue;
      const shown = versionShown(history.value[mate], fields);
      if (shown === MALFORMED) {
        findings.unclear ??= `${operationName(history, mate)} reads something without a version`;
        continue;
      }
      findings.compared++;
      if (shown < own.version) add(history, key, own.version, own.toldBy, mate, shown, anomalies);
    } else if (role === CREATE || role === UPDATE) {
      const version = writtenVersion(history, row, role, fields);
      if (version < 0) {
        findings.unclear ??= `${operationName(history, mate)} is acknowledged without a version`;
        continue;
      }
      if (own === undefined) {
        own = { version: ABSENT, toldBy: -1, underWay: new CompletionQueue() };
        sessions.set(session, own);
      }
      settle(own, row);
      own.underWay.push(mate, { version, completion: mate });
    }
  }
  return findings;
}

/** Takes over the writes that were completed before `row`. */
function settle(own: OwnVersions, row: number): void {
  for (let done = own.underWay.popBefore(row); done !== undefined; done = own.underWay.popBefore(row)) {
    if (done.version <= own.version) continue;
    own.version = done.version;
    own.toldBy = done.completion;
  }
}

function writtenVersion(history: History, row: number, role: number, fields: Required<EntityFields>): number {
  const told = versionAcknowledged(history, history.mate[row]!, fields);
  if (told !== UNSTATED) return told;
  const expected = role === CREATE ? ABSENT : versionExpected(history, row, fields);
  if (expected === ABSENT) return 1;
  return expected < 0 ? MALFORMED : expected + 1;
}

function add(
  history: History,
  key: number,
  version: number,
  toldBy: number,
  read: number,
  shown: number,
  anomalies: AnomalyList,
): void {
  const proof = () =>
    `${sessionName(history, read)} was told that its write of ${keyName(history, key)} is stored as version ` +
    `${version} (${operationName(history, toldBy)}), but when it read afterwards it ` +
    `${shown === ABSENT ? "found nothing" : `got version ${shown}`} (${operationName(history, read)})`;
  anomalies.add({ type: "own-write-not-seen", key, rows: [toldBy, read], proof });
}
