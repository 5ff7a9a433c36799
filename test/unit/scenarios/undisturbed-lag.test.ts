import { expect, test } from "vitest";
import { drawPlan } from "../../../harness/run/draw-plan.ts";
import { executePlan } from "../../../harness/run/execute-plan.ts";
import type { SystemDefinition } from "../../../harness/run/system.ts";
import { nonIdempotentHandler } from "../../../reference-impl/defects/non-idempotent-handler.defect.ts";
import { positionInDocument } from "../../../reference-impl/patterns/projected-documents.ts";
import type { ServiceClock } from "../../../reference-impl/service-needs.ts";
import { catalogueNodes, catalogueSystem } from "../../../reference-impl/systems/catalogue.system.ts";
import { catalogueConverges } from "../../../scenarios/catalogue-converges.scenario.ts";
import { undisturbedLagMsMax } from "../../../scenarios/undisturbed-lag.ts";

/** A catalogue whose read models stand still for so long once there is something to store. */
function slowCatalogue(pauseMs: number): SystemDefinition {
  let clock: ServiceClock | null = null;
  let endMs: number | null = null;
  const store: typeof positionInDocument = {
    ...positionInDocument,
    save: async (place, stream, before, after) => {
      const nowMs = (clock?.monotonicNs() ?? 0) / 1e6;
      endMs ??= nowMs + pauseMs;
      if (nowMs < endMs) await clock?.sleep(endMs - nowMs);
      return await positionInDocument.save(place, stream, before, after);
    },
  };
  const system = catalogueSystem({ ...nonIdempotentHandler, replacement: () => ({ store }) });
  const services = system.services.map((service) => ({
    ...service,
    start: (context: Parameters<typeof service.start>[0]) => {
      if (service.name === catalogueNodes.query) clock = context.clock;
      return service.start(context);
    },
  }));
  return { ...system, services };
}

async function run(pauseMs: number, seed: number) {
  const plan = { ...drawPlan(catalogueConverges, seed, ""), faults: [] };
  const form = { ...catalogueConverges.forms[0]!, system: () => slowCatalogue(pauseMs) };
  const { record } = await executePlan({ scenario: catalogueConverges, form, seed, plan });
  return record;
}

test("read models that stand still for too long while nothing disturbs are found, though they catch up", async () => {
  const { checkers } = await run(undisturbedLagMsMax + 500, 3);
  const [projection] = checkers;
  expect([...new Set(projection?.anomalies.map(({ type }) => type))]).toEqual(["lag-exceeded"]);
  expect(projection?.anomalies[0]?.proof).toMatch(
    /without any fault, .* ms had passed in a row; at most 12500 ms/,
  );
});

test("the same catalogue without the pause keeps the bound, and the record of the run has what was measured", async () => {
  const [quick, again] = [await run(0, 3), await run(0, 3)];
  const [projection] = quick.checkers;
  expect([quick.verdict, projection?.anomalies]).toEqual(["valid", []]);
  const longest = projection?.measures?.find(({ name }) => name === "longest undisturbed lag");
  expect(longest).toMatchObject({ unit: "ms", worse: "high" });
  expect(longest?.value).toBeGreaterThan(0);
  expect(longest?.value).toBeLessThan(1000);
  expect(JSON.stringify(again)).toBe(JSON.stringify(quick));
});
