import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { HistoryHeader } from "../../../checkers/history/history.ts";
import type { HistoryEvent } from "../../../checkers/history/operation.ts";
import { HistoryFile } from "../../../harness/record/history-file.ts";
import { drawPlan } from "../../../harness/run/draw-plan.ts";
import { executePlan } from "../../../harness/run/execute-plan.ts";
import { planSize } from "../../../harness/run/plan.ts";
import { readStory } from "../../../harness/run/read-run-folder.ts";
import { replayPlanFile, replayToken } from "../../../harness/run/replay.ts";
import { writeStoryFiles } from "../../../harness/run/run-folder.ts";
import { shrink } from "../../../harness/run/shrink.ts";
import { encodeToken, hashPlan } from "../../../harness/run/token.ts";
import { registerScenario as scenario } from "../../support/register-scenario.ts";

const defect = scenario.forms[1]!;

async function failingSeed(): Promise<number> {
  for (let seed = 0; ; seed++) {
    const plan = drawPlan(scenario, seed, "");
    const { record } = await executePlan({ scenario, form: defect, seed, plan });
    if (record.verdict === "invalid" && record.faults > 0) return seed;
  }
}

async function shrunkToken() {
  const seed = await failingSeed();
  const shrunk = await shrink({ scenario, form: defect, seed, executionsMax: 1500 });
  if (shrunk === null) throw new Error("the seed fails, so there must be a story");
  const { plan, path, record } = shrunk;
  const { historyHash } = record;
  const planHash = hashPlan(plan);
  const token = encodeToken({
    scenario: scenario.name,
    form: defect.name,
    lane: "sim",
    seed,
    path,
    planHash,
    historyHash,
  });
  return { seed, token, shrunk };
}

test("a failing plan shrinks to a story of a few operations without the faults that it does not need", async () => {
  const { seed, shrunk } = await shrunkToken();
  const before = planSize(drawPlan(scenario, seed, ""));
  const after = planSize(shrunk.plan);
  expect(after.operations).toBeLessThanOrEqual(4);
  expect(after.operations).toBeLessThan(before.operations);
  expect(after.faults).toBe(0);
  expect(shrunk.record.verdict).toBe("invalid");
});

test("a valid plan has no story, and shrinking keeps to its bound", async () => {
  expect(await shrink({ scenario, form: scenario.forms[0]!, seed: 1, executionsMax: 50 })).toBeNull();
  const seed = await failingSeed();
  const bounded = await shrink({ scenario, form: defect, seed, executionsMax: 5 });
  expect(bounded?.executions).toBe(5);
});

test("a token replays the shrunk run to the byte, 20 times of 20", async () => {
  const { token, shrunk } = await shrunkToken();
  const replayed = await replayToken(token, [scenario], 20);
  expect(replayed).toMatchObject({ identical: true, changedSince: false, failure: null, times: 20 });
  expect(replayed.historyHash).toBe(shrunk.record.historyHash);
  expect(replayed.story.plan).toEqual(shrunk.plan);
});

test("a token whose plan is drawn differently now is refused, one whose history changed says so", async () => {
  const { token } = await shrunkToken();
  const other = { ...scenario, faultsMax: 7, workload: { ...scenario.workload, thinkMsMax: 999 } };
  await expect(replayToken(token, [other], 1)).rejects.toMatchObject({ code: "plan-changed" });
  const fixed = { ...defect, system: scenario.forms[0]!.system };
  const changed = await replayToken(token, [{ ...scenario, forms: [fixed] }], 2);
  expect(changed).toMatchObject({ identical: false, changedSince: true, failure: null });
  await expect(replayToken(token, [], 1)).rejects.toMatchObject({ code: "unknown-scenario" });
});

test("a history is in its file line by line as it happens, with the plan in its header", async () => {
  const { token } = await shrunkToken();
  const folder = mkdtempSync(join(tmpdir(), "faultline-history-"));
  try {
    const path = join(folder, "history.ndjson");
    using file = new HistoryFile(path);
    let seen = 0;
    const sink = {
      begin: (header: HistoryHeader) => file.begin(header),
      append: (event: HistoryEvent) => {
        file.append(event);
        seen++;
        // The header, and every event up to this one, are on disk.
        expect(readFileSync(path, "utf8").split("\n")).toHaveLength(seen + 2);
      },
    };
    const { story } = await replayToken(token, [scenario], 2, sink);
    const [header, ...lines] = readFileSync(path, "utf8").trimEnd().split("\n");
    expect(JSON.parse(header ?? "")).toMatchObject({ format: "faultline-history", token, plan: story.plan });
    expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(story.events)));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the files of a story give it back, and its plan file replays it", async () => {
  const { token } = await shrunkToken();
  const { story, historyHash } = await replayToken(token, [scenario], 1);
  const folder = mkdtempSync(join(tmpdir(), "faultline-story-"));
  try {
    writeStoryFiles(folder, story);
    expect(readStory(folder)).toEqual(JSON.parse(JSON.stringify(story)));
    const replayed = await replayPlanFile(join(folder, "plan.json"), [scenario], 3);
    expect(replayed).toMatchObject({ identical: true, historyHash });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
