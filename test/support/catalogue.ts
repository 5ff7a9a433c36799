import type { CheckBudget } from "../../checkers/check-budget.ts";
import type { Checker } from "../../checkers/checker.ts";
import type { History } from "../../checkers/history/history.ts";
import { checkerByName, checkerNames } from "../../checkers/registry.ts";
import { alarmSources } from "../false-alarms/alarm-sources.ts";
import { ChoiceTape } from "./choice-tape.ts";

/** Every checker of the catalogue as it is by default. */
export const byDefault: readonly Checker[] = checkerNames.map((name) => checkerByName(name)!);

/** Every checker of the catalogue as it is by default, and as the sources of histories configure it: models, levels, limits. */
const catalogue: readonly Checker[] = [...byDefault, ...alarmSources.flatMap(({ checkers }) => checkers)];

/**
 * Every function and every kind of record that some checker reads: what can be renamed, as the registry's own refusal lists it
 * and in the form that it has in a history, and what the histories for the checkers have.
 */
export function catalogueFunctions(): string[] {
  const tape = Array.from({ length: 400 }, (_, at) => (at * 7919 + 13) % 9973);
  const seen = alarmSources.flatMap((source) =>
    source.right(new ChoiceTape(tape)).flatMap((event) => ("f" in event ? [event.f] : [])),
  );
  const roles = checkerNames.flatMap(rolesOf);
  const dashed = roles.map((role) => role.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
  return [...new Set([...seen, ...roles, ...dashed])].sort();
}

function rolesOf(name: string): string[] {
  try {
    checkerByName(name, { functions: { "": "x" } });
  } catch (cause) {
    const list = /it reads: (.*)$/.exec((cause as Error).message)?.[1] ?? "none";
    return list === "none" ? [] : list.split(", ");
  }
  throw new Error(`catalogue.ts: expected ${name} to refuse a function without a name`);
}

/** Checks of hostile histories end early: what they find by then is enough. */
const short: CheckBudget = { isTimed: true, exceeded: () => "enough" };

/**
 * Lets every checker, or those given, judge a history. @throws Error where one throws, is content although it examined nothing, or says what is
 * no sense.
 */
export function judgeByAll(history: History, checkers: readonly Checker[] = catalogue): void {
  for (const checker of checkers) {
    const result = answerOf(checker, history);
    if (result.verdict === "valid" && !(result.stats.operations > 0)) {
      throw new Error(`${checker.name}: valid, and nothing was examined`);
    }
    const words = result.verdict === "unknown" ? [result.reason] : [];
    for (const { operations, proof } of result.anomalies) {
      words.push(proof);
      if (operations.length === 0) throw new Error(`${checker.name}: an anomaly without a witness`);
    }
    const senseless = words.find((text) => /undefined|NaN|\[object/.test(text));
    if (senseless !== undefined) throw new Error(`${checker.name}: ${senseless}`);
  }
}

function answerOf(checker: Checker, history: History) {
  try {
    return checker.check(history, short);
  } catch (cause) {
    throw new Error(`${checker.name} itself failed`, { cause });
  }
}
