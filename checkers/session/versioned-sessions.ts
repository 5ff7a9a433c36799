import { createdVersion } from "../entity/created-version.ts";
import { CREATE, READ, UPDATE } from "../entity/key-kind.ts";
import {
  ABSENT,
  MALFORMED,
  UNSTATED,
  versionAcknowledged,
  versionExpected,
  versionShown,
} from "../entity/versioned-entity.ts";
import { CompletionQueue } from "../history/completion-queue.ts";
import { keyName, operationName, sessionName } from "../history/describe-operation.ts";
import { OK } from "../history/history.ts";
import type { SessionFindings, SessionTask } from "./session-task.ts";

/** What a session has been told on one key by the calls that later ones must not fall behind. */
interface ToldVersions {
  /** Highest version told, and the completion that told it. */
  version: number;
  toldBy: number;
  /** Calls that were not yet completed when the last call was made. */
  readonly underWay: CompletionQueue<{ readonly version: number; readonly completion: number }>;
}

/**
 * On a versioned entity: each later call of a session is at or after (a write: after) every version that
 * the session had been told by an earlier one, before it sent the call. n log n at worst, linear where sessions have
 * few calls open at a time.
 */
export function checkVersionedSessions(task: SessionTask): SessionFindings {
  const { guarantee, history, rows, roles, fields } = task;
  let created = -1;
  const createdAs = (): number => {
    if (created < 0) created = createdVersion(task);
    return created;
  };
  const sessions = new Map<number, ToldVersions>();
  const findings: SessionFindings = { compared: 0, unclear: null };
  for (const row of rows) {
    const mate = history.mate[row]!;
    if (mate < 0 || history.type[mate] !== OK) continue;
    const role = roles[history.f[row]!]!;
    if (role !== READ && role !== CREATE && role !== UPDATE) continue;
    const calls = role === READ ? "reads" : "writes";
    if (calls !== guarantee.earlier && calls !== guarantee.later) continue;
    const session = history.session[row]!;
    let told = sessions.get(session);
    if (told === undefined && calls !== guarantee.earlier) continue;
    const version =
      calls === "reads"
        ? versionShown(history.value[mate], fields)
        : writtenVersion(task, row, role, createdAs);
    if (version < ABSENT) {
      const what = calls === "reads" ? "reads something" : "is acknowledged";
      findings.unclear ??= `${operationName(history, mate)} ${what} without a version`;
      continue;
    }
    if (told === undefined) {
      told = { version: ABSENT, toldBy: -1, underWay: new CompletionQueue() };
      sessions.set(session, told);
    }
    settle(told, row);
    if (calls === guarantee.later && told.toldBy >= 0) {
      findings.compared++;
      const isBehind = calls === "reads" ? version < told.version : version <= told.version;
      if (isBehind) addAnomaly(task, told.version, told.toldBy, mate, version);
    }
    if (calls === guarantee.earlier) told.underWay.push(mate, { version, completion: mate });
  }
  return findings;
}

/** Takes over the calls that were completed before `row`. */
function settle(told: ToldVersions, row: number): void {
  for (let done = told.underWay.popBefore(row); done !== undefined; done = told.underWay.popBefore(row)) {
    if (told.toldBy >= 0 && done.version <= told.version) continue;
    told.version = done.version;
    told.toldBy = done.completion;
  }
}

function writtenVersion(
  { history, fields }: SessionTask,
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

function addAnomaly(task: SessionTask, version: number, toldBy: number, later: number, shown: number): void {
  const { guarantee, history, key, anomalies } = task;
  const told = () =>
    guarantee.earlier === "writes"
      ? `was told that its write of ${keyName(history, key)} is stored as version ${version} ` +
        `(${operationName(history, toldBy)})`
      : `read ${shownText(version)} of ${keyName(history, key)} (${operationName(history, toldBy)})`;
  const then = () =>
    guarantee.later === "writes"
      ? `its later write is stored as version ${shown} (${operationName(history, later)})`
      : `when it read afterwards it ${shown === ABSENT ? "found nothing" : `got version ${shown}`} ` +
        `(${operationName(history, later)})`;
  const proof = () => `${sessionName(history, later)} ${told()}, but ${then()}`;
  anomalies.add({ type: guarantee.wentBack, key, rows: [toldBy, later], proof });
}

function shownText(version: number): string {
  return version === ABSENT ? "nothing" : `version ${version}`;
}
