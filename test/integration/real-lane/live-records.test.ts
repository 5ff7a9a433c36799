import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Json } from "../../../checkers/history/operation.ts";
import { readRecords } from "../../../harness/real/services/record-file.ts";
import { drawPlan } from "../../../harness/run/draw-plan.ts";
import { executePlan } from "../../../harness/run/execute-plan.ts";
import { committedEventsAreDelivered as scenario } from "../../../scenarios/committed-events-are-delivered.scenario.ts";
import { runCli } from "../../e2e/run-cli.ts";
import { componentVariables } from "../../support/real/component-variables.ts";
import { componentHere } from "../../support/real/real-site.ts";

const found = await Promise.all((["postgres", "toxiproxy", "kafka"] as const).map(componentHere));
const folder = mkdtempSync(join(tmpdir(), "faultline-records-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SEED = 1;

/** Who records what in which form: `order committed message,sequence`. */
function formOf(node: string, f: string, value: Json): string {
  const fields = typeof value === "object" && value !== null ? Object.keys(value).sort() : [];
  return `${node} ${f} ${fields.join(",")}`;
}

test.skipIf(found.includes(null))("services record the same, in the same form, in both lanes", async () => {
  const out = join(folder, "run");
  const args = ["run", scenario.name, "--lane", "real", "--form", "hardened", "--seed", String(SEED)];
  const { code, stdout, stderr } = await runCli([...args, "--runs", "1", "--out", out], {
    env: componentVariables(),
  });
  expect(code, stdout + stderr).toBe(0);
  const run = join(out, "runs", `${scenario.name}.hardened`, String(SEED));
  const files = readdirSync(run).filter((name) => name.endsWith(".records.ndjson"));
  const records = files.flatMap((name) => readRecords(join(run, name)));
  const real = new Set(records.map(({ node, f, value }) => formOf(node, f, value)));

  const form = scenario.forms.find(({ name }) => name === "hardened");
  if (form === undefined) throw new Error("there is no hardened form");
  const plan = drawPlan(scenario, SEED, "");
  const { events } = await executePlan({ scenario, form, seed: SEED, plan });
  const sim = new Set(
    events.flatMap((event) =>
      event.type === "record" && event.final !== true
        ? [formOf(event.node ?? "", event.f, event.value ?? null)]
        : [],
    ),
  );
  // Which of the two relays takes a message is up to chance, in either lane.
  const byAnyRelay = (lines: ReadonlySet<string>): string[] =>
    [...new Set([...lines].map((line) => line.replace("order-relay", "order")))].sort();
  expect(byAnyRelay(real)).toEqual(byAnyRelay(sim));
  expect(byAnyRelay(real)).toEqual([
    "notification consumed group,message",
    "order committed message,sequence",
    "order published message",
  ]);
});
