import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readRunFolder } from "../../../harness/run/read-run-folder.ts";
import { sweep } from "../../../harness/run/sweep.ts";
import type { SweepOptions } from "../../../harness/run/sweep-options.ts";
import { registerScenario as scenario } from "../../support/register-scenario.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "faultline-sweep-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const spawnWorker = () => new Worker(new URL("../../support/register-worker.ts", import.meta.url));

function options(changes: Partial<SweepOptions>): SweepOptions {
  return {
    scenarios: [scenario],
    form: null,
    seed: 1,
    runs: 60,
    workers: 2,
    untilCaught: false,
    folder,
    spawnWorker,
    signal: new AbortController().signal,
    onProgress: () => {},
    ...changes,
  };
}

test("runs every form over its seeds, judges it, and keeps the smallest story", async () => {
  let last = 0;
  const { suite, stories } = await sweep(options({ onProgress: ({ finished }) => (last = finished) }));
  expect(suite).toMatchObject({ verdict: "valid", complete: true, seed: 1, folder });
  expect(last).toBe(120);
  const [hardened, defect] = suite.summary;
  expect(hardened).toMatchObject({
    judgement: "as-expected",
    seeds: 60,
    valid: 60,
    smallest: null,
    story: null,
  });
  expect(defect).toMatchObject({ judgement: "as-expected", seeds: 60 });
  expect(defect?.smallest?.operations).toBeLessThanOrEqual(4);
  expect(defect?.token).toBe(stories[0]?.token);
  expect(readRunFolder(folder)).toEqual({ suite, stories: JSON.parse(JSON.stringify(stories)) });
  const lines = readFileSync(join(folder, "results.ndjson"), "utf8").trimEnd().split("\n");
  expect(lines).toHaveLength(120);
});

test("the result does not depend on the number of workers", async () => {
  const plain = (summary: readonly { wallMs: number }[]) => summary.map((form) => ({ ...form, wallMs: 0 }));
  const one = await sweep(options({ workers: 1, runs: 30 }));
  rmSync(join(folder, "results.ndjson"));
  const two = await sweep(options({ workers: 2, runs: 30 }));
  expect(plain(two.suite.summary)).toEqual(plain(one.suite.summary));
});

test("one form that was asked for is judged by its own runs", async () => {
  const { suite } = await sweep(options({ form: "defect:check-in-application" }));
  expect(suite.verdict).toBe("invalid");
  expect(suite.summary).toHaveLength(1);
  await expect(sweep(options({ form: "textbook" }))).rejects.toMatchObject({ code: "unknown-form" });
});

test("an aborted sweep keeps what has finished and is not complete", async () => {
  const controller = new AbortController();
  const onProgress = ({ finished }: { finished: number }) => {
    if (finished === 20) controller.abort();
  };
  const { suite } = await sweep(options({ runs: 5000, signal: controller.signal, onProgress }));
  expect(suite.complete).toBe(false);
  expect(suite.verdict).toBe("unknown");
  expect(suite.summary[0]!.seeds).toBeGreaterThanOrEqual(20);
  expect(existsSync(join(folder, "verdict.json"))).toBe(true);
});

test("what a killed harness leaves behind is read, a line cut off in the middle included", async () => {
  const { suite } = await sweep(options({ runs: 40 }));
  rmSync(join(folder, "verdict.json"));
  appendFileSync(join(folder, "results.ndjson"), '{"scenario":"cut of');
  const rebuilt = readRunFolder(folder);
  expect(rebuilt.suite.complete).toBe(false);
  expect(rebuilt.suite.summary.map(({ seeds }) => seeds)).toEqual([40, 40]);
  expect(rebuilt.suite.summary[1]!.token).toBe(suite.summary[1]!.token);
});

test("a worker that cannot start is a failure of the harness, not a hang", async () => {
  const broken = () => new Worker("throw new Error('no')", { eval: true });
  const { suite } = await sweep(options({ spawnWorker: broken }));
  expect(suite.verdict).toBe("unknown");
  expect(suite.summary[0]).toMatchObject({ judgement: "failed", failure: { code: "worker-died" } });
});

test("a folder without a manifest, or with damaged files, is refused by name", () => {
  expect(() => readRunFolder(folder)).toThrow(expect.objectContaining({ code: "not-a-run-folder" }));
  appendFileSync(join(folder, "run.json"), '{"format":"faultline-run"}');
  expect(() => readRunFolder(folder)).toThrow(
    expect.objectContaining({ code: "bad-run-folder", message: expect.stringContaining("version") }),
  );
});

const defect = "defect:check-in-application";

test("a form that must be caught is run only until it is, a hardened one over all of its seeds", async () => {
  const seen: [number, number][] = [];
  const onProgress = (now: { finished: number; total: number }) => seen.push([now.finished, now.total]);
  const { suite } = await sweep(options({ runs: 5000, form: defect, untilCaught: true, onProgress }));
  const [caught] = suite.summary;
  expect([suite.complete, caught?.anomalies.length]).toEqual([true, 2]);
  expect(caught?.seeds).toBeLessThan(1000);
  expect(caught?.smallest).not.toBeNull();
  expect(seen.at(-1)).toEqual([5000, 5000]);
  rmSync(join(folder, "results.ndjson"));
  const hardened = await sweep(options({ runs: 60, form: "hardened", untilCaught: true }));
  expect(hardened.suite.summary[0]).toMatchObject({ judgement: "as-expected", seeds: 60, valid: 60 });
});

test("a form that is not caught is run over all of its seeds, and got away", async () => {
  // The hardened form, of which an anomaly is wanted.
  const [hardened, broken] = scenario.forms;
  const forms = [{ ...hardened!, expects: broken!.expects }];
  const scenarios = [{ ...scenario, forms }];
  const { suite } = await sweep(options({ runs: 60, scenarios, untilCaught: true }));
  expect(suite).toMatchObject({ verdict: "invalid", complete: true });
  expect(suite.summary[0]).toMatchObject({ judgement: "got-away", seeds: 60, valid: 60, story: null });
});
