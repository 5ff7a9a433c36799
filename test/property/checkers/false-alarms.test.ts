import { describe, expect, test } from "vitest";
import { checkerNames } from "../../../checkers/index.ts";
import { isolationLevelNames } from "../../../checkers/transactions/isolation-levels.ts";
import { alarmSources, missingCheckers } from "../../false-alarms/alarm-sources.ts";
import { hearAlarms, sleepingCheckers } from "../../false-alarms/hear-alarms.ts";
import { askedLevels } from "../../false-alarms/isolation-sources.ts";

// A small part of `npm run test:false-alarms`.
describe("what does what it promises", () => {
  test.each(alarmSources.map((source) => [source.name, source] as const))("%s is not blamed", (_, source) => {
    const heard = hearAlarms(source, 1, 100, 400);
    const alarms = heard.alarms.map(
      ({ checker, seed, result }) => `${checker.name}, seed ${seed}: ${result.anomalies[0]?.proof}`,
    );
    expect(alarms).toEqual([]);
    expect(sleepingCheckers(heard)).toEqual([]);
  });

  test("is there for every isolation level", () => {
    expect([...askedLevels].sort()).toEqual([...isolationLevelNames].sort());
  });

  test("is there for every checker", () => {
    expect(missingCheckers(checkerNames)).toEqual([]);
    expect(missingCheckers(["new-checker"])).toEqual(["new-checker"]);
  });
});
