import { ABSENT, valueWritten, versionShown } from "../entity/versioned-entity.ts";
import { evidenceOf, keyName, operationName, sessionName, valueText } from "../history/describe-operation.ts";
import { OK } from "../history/history.ts";
import { fieldOf } from "../history/json-value.ts";
import { type ChainFacts, outcomeOf } from "./chain-facts.ts";

/** `operation 14`. */
export function operation(facts: ChainFacts, row: number): string {
  return operationName(facts.history, row);
}

/** `client 2`. */
export function sessionOf(facts: ChainFacts, row: number): string {
  return sessionName(facts.history, row);
}

/** `user/7`. */
export function keyOf(facts: ChainFacts): string {
  return keyName(facts.history, facts.key);
}

/** How a version is called. */
export function versionText(facts: ChainFacts, version: number): string {
  return version === ABSENT ? "nothing" : facts.versionName(version);
}

/** `client 1 was told that its update of user/7 from version 3 to 4 is stored (operation 14)`. */
export function storedText(facts: ChainFacts, write: number, expected: number, version: number): string {
  const what =
    expected === ABSENT
      ? `creation of ${keyOf(facts)} as version ${versionText(facts, version)}`
      : `update of ${keyOf(facts)} from version ${versionText(facts, expected)} to ${versionText(facts, version)}`;
  return `${sessionOf(facts, write)} was told that its ${what} is stored (${operation(facts, evidenceOf(facts.history, write))})`;
}

/** As {@link storedText}, for a write whose acknowledged version follows the one it expected. */
export function atVersion(facts: ChainFacts, write: number, version: number): string {
  if (facts.kind !== "consecutive") {
    const what = `write of ${keyOf(facts)} is stored as version ${versionText(facts, version)}`;
    return `${sessionOf(facts, write)} was told that its ${what} (${operation(facts, evidenceOf(facts.history, write))})`;
  }
  const isCreation = facts.creates.includes(write);
  return storedText(facts, write, isCreation ? ABSENT : version - 1, version);
}

/** `client 2 read version 4 of user/7 with value "b" (operation 20)`. */
export function readText(facts: ChainFacts, read: number): string {
  const shown = facts.history.value[read];
  const version =
    facts.kind === "opaque"
      ? valueText(fieldOf(shown, facts.fields.version))
      : versionShown(shown, facts.fields);
  const value = fieldOf(shown, facts.fields.value);
  const held = value === undefined ? "" : ` with value ${valueText(value)}`;
  return `${sessionOf(facts, read)} read version ${version} of ${keyOf(facts)}${held} (${operation(facts, read)})`;
}

/** `"b", the value of client 2 (operation 17)`, and what else than success that client was told. */
export function tryText(facts: ChainFacts, write: number): string {
  const row = evidenceOf(facts.history, write);
  const outcome = outcomeOf(facts.history, write);
  const told =
    outcome === OK
      ? ""
      : row === write || facts.history.type[row] === 3
        ? ", outcome unknown"
        : ", which was refused";
  const value = valueText(valueWritten(facts.history, write, facts.fields));
  return `${value}, the value of ${sessionOf(facts, write)} (${operation(facts, row)}${told})`;
}

/** How it is known that the entity was not there at first. */
export function createdText(facts: ChainFacts): string {
  const row = facts.absent;
  return `${sessionOf(facts, row)} found that ${keyOf(facts)} was not there (${operation(facts, row)})`;
}
