import { drawer } from "../../bench/large-histories.ts";
import type { Checker, CheckResult } from "../../checkers/checker.ts";
import { buildHistory } from "../support/build-history.ts";
import { ChoiceTape } from "../support/choice-tape.ts";
import type { AlarmSource } from "./alarm-source.ts";

/** A history that a checker blamed although nothing is wrong with it. */
export interface FalseAlarm {
  readonly source: AlarmSource;
  readonly checker: Checker;
  readonly seed: number;
  readonly result: CheckResult;
}

/** What checking the histories of one source showed, by checker, in the order of the source. */
export interface HeardAlarms {
  readonly source: AlarmSource;
  /** Right histories that were checked. */
  readonly histories: number;
  /** Right histories in which there was something to examine. */
  readonly examined: readonly number[];
  /** Right histories that were valid, and that were unknown. */
  readonly valid: readonly number[];
  readonly unknown: readonly number[];
  readonly alarms: readonly FalseAlarm[];
  /** Broken histories that were checked, and that were found to be. */
  readonly broken: number;
  readonly caught: readonly number[];
}

/** Checks that many right histories, and that many broken ones, of the seeds from `first` on. */
export function hearAlarms(
  source: AlarmSource,
  first: number,
  histories: number,
  brokenOnes: number,
): HeardAlarms {
  const count = (): number[] => source.checkers.map(() => 0);
  const [examined, valid, unknown, caught] = [count(), count(), count(), count()];
  const alarms: FalseAlarm[] = [];
  const broken = source.broken === null ? 0 : brokenOnes;
  for (let seed = first; seed < first + histories; seed++) {
    const history = buildHistory(source.right(tapeOf(source, seed)));
    for (const [at, checker] of source.checkers.entries()) {
      const result = checker.check(history);
      if (result.stats.operations > 0) examined[at]!++;
      if (result.verdict === "valid") valid[at]!++;
      else if (result.verdict === "unknown") unknown[at]!++;
      else alarms.push({ source, checker, seed, result });
    }
  }
  for (let seed = first; seed < first + broken; seed++) {
    const history = buildHistory(source.broken!(tapeOf(source, seed)));
    for (const [at, checker] of source.checkers.entries()) {
      const { verdict } = checker.check(history);
      // Activity blames nobody: it says that a run proves nothing.
      if (verdict === (checker.name === "activity" ? "unknown" : "invalid")) caught[at]!++;
    }
  }
  return { source, histories, examined, valid, unknown, alarms, broken, caught };
}

/** The choices of a seed. */
export function tapeOf({ choices }: AlarmSource, seed: number): ChoiceTape {
  const draw = drawer(seed);
  const length = Math.ceil(choices / 2) + (draw() % Math.ceil(choices / 2 + 1));
  return new ChoiceTape(Array.from({ length }, () => draw() % 10_000));
}

/** Checkers of a source that were content with nothing, looked at fewer than one history in ten, or found no fault with any broken history although there were many. */
export function sleepingCheckers({
  source,
  histories,
  examined,
  valid,
  broken,
  caught,
}: HeardAlarms): string[] {
  return source.checkers.flatMap(({ name }, at) => {
    if (valid[at] === 0) return [`${name} was never content with ${source.name}`];
    if (examined[at]! * 10 < histories)
      return [`${name} looked at ${examined[at]} of ${histories} histories of ${source.name}`];
    return broken > 0 && caught[at] === 0 ? [`${name} found no fault with any broken ${source.name}`] : [];
  });
}
