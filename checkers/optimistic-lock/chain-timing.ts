import type { AnomalyList } from "../anomaly-list.ts";
import { ABSENT } from "../entity/versioned-entity.ts";
import { OK } from "../history/history.ts";
import { type ChainFacts, type ChainLink, couldStore, outcomeOf } from "./chain-facts.ts";
import type { OrderProblem } from "./chain-order.ts";
import { atVersion, keyOf, operation, readText, sessionOf } from "./chain-wording.ts";

/** Words a chain that no order in time explains. */
export function addOrderProblem(facts: ChainFacts, problem: OrderProblem, anomalies: AnomalyList): void {
  if (problem.kind === "conflict") addFalseConflict(facts, problem, anomalies);
  else if (isStaleAccept(facts, problem)) addStaleAccept(facts, problem, anomalies);
  else addTooEarly(facts, problem, anomalies);
}

/** Was the late write acknowledged although its version had been written, by itself or by another, before? */
function isStaleAccept(facts: ChainFacts, problem: OrderProblem): boolean {
  const { link, lateLink, late, evidence } = problem;
  if (lateLink === null || outcomeOf(facts.history, late) !== OK) return false;
  if (lateLink.version !== link.version) return true;
  const unknown = link.version === ABSENT ? [] : (facts.unknownUpdates.get(link.version) ?? []);
  const others = facts.creates.includes(late) ? facts.unknownCreates : unknown;
  const read = facts.versions.get(link.version)?.firstRead ?? -1;
  return others.some((row) => row < evidence && couldStore(facts, row, read));
}

function addStaleAccept(facts: ChainFacts, problem: OrderProblem, anomalies: AnomalyList): void {
  const { link, late, evidence } = problem;
  const lateRow = facts.history.mate[late]!;
  const lateVersion = problem.lateLink?.version ?? link.version;
  const proof = () =>
    `${atVersion(facts, late, lateVersion)}, but it was sent after version ${link.version} had been there ` +
    `(${operation(facts, evidence)})`;
  anomalies.add({ type: "stale-accept", key: facts.key, rows: [lateRow, evidence], proof });
}

/** A state was there before the write that led to it, or to a state before it, was sent. */
function addTooEarly(facts: ChainFacts, problem: OrderProblem, anomalies: AnomalyList): void {
  const { link, lateLink, late, evidence } = problem;
  const isRead = facts.versions.get(link.version)?.anyRead === evidence;
  const shown = () => (isRead ? readText(facts, evidence) : atVersion(facts, link.writer, link.version));
  const proof = () =>
    `${shown()}, but version ${lateLink?.version ?? link.version} can only have been written by ` +
    `${sessionOf(facts, late)}, who sent that write later (${operation(facts, late)})`;
  const type = isRead ? "read-off-chain" : "version-gap";
  anomalies.add({ type, key: facts.key, rows: [evidence, late], proof });
}

function addFalseConflict(facts: ChainFacts, problem: OrderProblem, anomalies: AnomalyList): void {
  const { link, late, evidence, since } = problem;
  const rows: [number, ...number[]] = [evidence];
  if (since >= 0) rows.push(since);
  if (late >= 0) rows.push(late);
  const proof = () =>
    `${sessionOf(facts, evidence)} was told that its ${refusedText(link)} of ${keyOf(facts)} conflicts ` +
    `(${operation(facts, evidence)}), but ${currentText(facts, link, since)}, and ` +
    (late < 0
      ? "no operation can have changed it"
      : `what changed it was sent only after that answer (${operation(facts, late)})${rivalText(facts, problem)}`);
  anomalies.add({ type: "false-conflict", key: facts.key, rows, proof });
}

/** A write of unknown outcome that was sent in time and asked for the same, but is not what is stored. */
function rivalText(facts: ChainFacts, { link, late, evidence }: OrderProblem): string {
  const unknown =
    link.version === ABSENT ? facts.unknownCreates : (facts.unknownUpdates.get(link.version + 1) ?? []);
  const rival = unknown.find((row) => row < evidence && row !== late);
  if (rival === undefined) return "";
  const stored =
    outcomeOf(facts.history, late) === OK
      ? `${sessionOf(facts, late)} was told that it wrote what followed`
      : "what followed has another value";
  return `; ${operation(facts, rival)}, of unknown outcome, was sent before but did not change it, for ${stored}`;
}

function refusedText(link: ChainLink): string {
  return link.version === ABSENT ? "creation" : `update from version ${link.version}`;
}

function currentText(facts: ChainFacts, link: ChainLink, since: number): string {
  if (link.version === ABSENT) return "it was not there";
  if (since < 0) return `version ${link.version} was current from the start`;
  return `version ${link.version} was current since ${operation(facts, since)} at the latest`;
}
