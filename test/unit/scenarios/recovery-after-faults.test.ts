import { describe, expect, test } from "vitest";
import { drawPlan } from "../../../harness/run/draw-plan.ts";
import { executePlan } from "../../../harness/run/execute-plan.ts";
import { recoveryAfterFaults } from "../../../scenarios/recovery-after-faults.ts";
import { retriedCallsHaveOneEffect as scenario } from "../../../scenarios/retried-calls-have-one-effect.scenario.ts";
import { buildHistory } from "../../support/build-history.ts";
import { eventsOfText } from "../../support/history-text.ts";

/** Each line takes a millisecond. */
function check(text: string) {
  const events = eventsOfText(text).map((event) => ({ ...event, time: event.index * 1e6 }));
  return recoveryAfterFaults({ recoverWithinMs: 4, graceMs: 4, minOkOutside: 1 }).check(buildHistory(events));
}

const pause = "fault 1 inject pause\nfault 1 heal pause 1\n";

describe("recovery after faults", () => {
  test("is not asked for without a fault, nor a part of calls where nobody called undisturbed", () => {
    expect(check("c1 read x => ok").verdict).toBe("valid");
    expect(check(`${pause}c1 read x => fail\nc1 read x => ok`).verdict).toBe("valid");
    expect(check("").verdict).toBe("unknown");
  });

  test("is asked for where there was a fault, and service for all where nothing disturbs", () => {
    expect(check(`${pause}${"c1 read x => fail\n".repeat(3)}`).anomalies).toMatchObject([
      { type: "slow-recovery" },
      { type: "unavailable" },
    ]);
    expect(check("c1 read x => ok\nc1 read x => fail").anomalies).toMatchObject([{ type: "unavailable" }]);
  });

  test("the textbook form leaves callers without an answer where nothing disturbs, and is found", async () => {
    const textbook = scenario.forms.find(({ name }) => name === "textbook")!;
    const hardened = scenario.forms[0]!;
    const unavailable = async (form: typeof hardened, seed: number) => {
      const { record } = await executePlan({ scenario, form, seed, plan: drawPlan(scenario, seed, "") });
      return record.checkers
        .flatMap(({ anomalies }) => anomalies)
        .filter(({ type }) => type === "unavailable");
    };
    let found = 0;
    for (let seed = 1; seed <= 12; seed++) {
      found += (await unavailable(textbook, seed)).length;
      expect(await unavailable(hardened, seed)).toEqual([]);
    }
    expect(found).toBeGreaterThan(0);
  });
});
