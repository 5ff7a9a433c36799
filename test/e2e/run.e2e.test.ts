import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { RunRecord } from "../../harness/record/run-record.ts";
import type { SuiteRecord } from "../../harness/record/suite-record.ts";
import { documentOf } from "./json-document.ts";
import { noteConfig, runCli } from "./run-cli.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const cwd = temporaryFolder();
const config = ["--config", noteConfig];

describe("faultline run", () => {
  test("takes every form, is green when each does as expected, and leaves a run folder", async () => {
    const { code, stdout, stderr } = await runCli(
      ["run", ...config, "--runs", "40", "--out", "all", "--json"],
      {
        cwd,
      },
    );
    expect(stderr).not.toContain("    at ");
    const suite = documentOf<SuiteRecord>("suite", stdout);
    expect(suite).toMatchObject({ verdict: "valid", complete: true, seed: 7, folder: "all" });
    expect(suite.summary.map(({ form, judgement, seeds }) => [form, judgement, seeds])).toEqual([
      ["hardened", "as-expected", 40],
      ["defect:audit-in-between", "as-expected", 40],
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(join(cwd, "all/verdict.json"), "utf8"))).toEqual(suite);
    expect(readFileSync(join(cwd, "all/report.html"), "utf8")).toMatch(/^<!doctype html>/i);
    expect(readFileSync(join(cwd, "all/results.ndjson"), "utf8").trimEnd().split("\n")).toHaveLength(80);
    for (const name of ["history.ndjson", "plan.json"]) {
      expect(existsSync(join(cwd, "all", suite.summary[1]?.story ?? "", name))).toBe(true);
    }
  });

  test("tells what was measured, and the token of the worst run shows it again", async () => {
    const args = ["run", "retried-calls-have-one-effect", "--form", "hardened", "--seed", "1", "--runs", "5"];
    const { stdout } = await runCli([...args, "--out", "measured", "--json"], { cwd });
    const suite = documentOf<SuiteRecord>("suite", stdout);
    const { measures = [] } = suite.summary[0] ?? {};
    const outage = measures.find(({ measure }) => measure === "longest outage");
    expect(outage).toMatchObject({ checker: "availability", unit: "ms", worse: "high", runs: 5, values: 5 });
    const replayed = await runCli(["replay", outage?.worstToken ?? "", "--json"], { cwd });
    const replay = documentOf<{ identical: boolean; measures: unknown[] }>("replay", replayed.stdout);
    expect(replay.identical).toBe(true);
    expect(replay.measures).toContainEqual(
      expect.objectContaining({ measure: "longest outage", value: outage?.worst }),
    );
    // Reading the folder anew, also without its verdict, gives the same figures; tokens are then gone.
    const killed = join(cwd, "measured/verdict.json");
    expect((JSON.parse(readFileSync(killed, "utf8")) as SuiteRecord).summary).toEqual(suite.summary);
    rmSync(killed);
    const report = await runCli(["report", "measured"], { cwd });
    expect(report.stdout).toMatch(/availability +longest outage +5 /);
    expect(readFileSync(join(cwd, "measured/report.html"), "utf8")).toContain("longest outage");
  });

  test("with --form the verdict of that form decides", async () => {
    const hardened = await runCli(["run", ...config, "--form", "hardened", "--runs", "10", "--json"], {
      cwd,
    });
    expect(documentOf<SuiteRecord>("suite", hardened.stdout).verdict).toBe("valid");
    expect(hardened.code).toBe(0);
    const args = ["run", "notes-are-kept", ...config, "--form", "defect:audit-in-between", "--runs", "20"];
    const defect = await runCli([...args, "--out", "defect"], { cwd });
    expect(defect.code).toBe(1);
    expect(defect.stdout).toContain("two-winners");
    expect(defect.stdout).toContain(join("defect", "report.html"));
    expect(defect.stdout).toContain("flt1_");
  });

  test("a defect that gets away is invalid, too little to tell is unknown", async () => {
    await runCli(["run", ...config, "--runs", "30", "--out", "many"], { cwd });
    const lines = readFileSync(join(cwd, "many/results.ndjson"), "utf8").trimEnd().split("\n");
    const records = lines.map((line) => JSON.parse(line) as RunRecord);
    const quiet = records.find(({ form, verdict }) => form !== "hardened" && verdict === "valid");
    const args = ["run", ...config, "--seed", `${quiet?.seed}`, "--runs", "1", "--json"];
    const away = await runCli(args, { cwd });
    const suite = documentOf<SuiteRecord>("suite", away.stdout);
    expect(suite.summary[1]?.judgement).toBe("got-away");
    expect([suite.verdict, away.code]).toEqual(["invalid", 1]);

    const path = join(cwd, "silent.config.ts");
    writeFileSync(path, silentConfig);
    const silent = await runCli(["run", "--config", path, "--runs", "2", "--json"], { cwd });
    expect(silent.code).toBe(2);
    expect(documentOf<SuiteRecord>("suite", silent.stdout).verdict).toBe("unknown");
  });

  test("a harness failure ends with 255, and what a scenario prints does not spoil the document", async () => {
    const path = join(cwd, "broken.config.ts");
    writeFileSync(path, brokenConfig);
    const { code, stdout, stderr } = await runCli(["run", "--config", path, "--runs", "2", "--json"], {
      cwd,
    });
    const suite = documentOf<SuiteRecord>("suite", stdout);
    expect(suite.summary[0]?.judgement).toBe("failed");
    expect(suite.summary[0]?.failure?.message).toContain("the workload is broken");
    expect(code).toBe(255);
    expect(stderr).toContain("printed by a scenario");
  });

  test("the default folder is new each time; the folder of an earlier run is replaced, any other kept", async () => {
    const folder = async (more: readonly string[]) => {
      const args = ["run", ...config, "--form", "hardened", "--runs", "2", "--json", ...more];
      const { code, stdout } = await runCli(args, { cwd });
      return { code, folder: code === 254 ? stdout : documentOf<SuiteRecord>("suite", stdout).folder };
    };
    const first = await folder([]);
    const second = await folder([]);
    expect(first.folder).toMatch(/^\.faultline[\\/]runs[\\/]\d{8}T\d{6}Z-7(-2)?$/);
    expect(second.folder).not.toBe(first.folder);
    expect((await folder(["--out", first.folder])).code).toBe(0);
    mkdirSync(join(cwd, "precious"));
    writeFileSync(join(cwd, "precious/notes.txt"), "mine");
    expect((await folder(["--out", "precious"])).code).toBe(254);
    expect(readFileSync(join(cwd, "precious/notes.txt"), "utf8")).toBe("mine");
  });

  test("one seed gives the same result with any number of workers, another seed another", async () => {
    const summary = async (seed: string, workers: string) => {
      const args = ["run", ...config, "--form", "hardened", "--seed", seed, "--runs", "30", "--json"];
      const suite = documentOf<SuiteRecord>(
        "suite",
        (await runCli([...args, "--workers", workers], { cwd })).stdout,
      );
      return suite.summary.map((form) => ({ ...form, wallMs: 0 }));
    };
    const one = await summary("11", "1");
    expect(await summary("11", "3")).toEqual(one);
    expect(await summary("12", "1")).not.toEqual(one);
  });

  test("without a seed one is drawn and printed; in CI that is refused", async () => {
    const args = ["run", "--form", "hardened", "--runs", "1", "--config", join(cwd, "seedless.config.ts")];
    writeFileSync(
      join(cwd, "seedless.config.ts"),
      `import own from ${JSON.stringify(noteConfig)};\nconst { seed, ...rest } = own;\nexport default rest;\n`,
    );
    const { code, stderr } = await runCli(args, { cwd });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Seed \d+ was drawn for this run; --seed \d+ repeats it\.$/m);
    const refused = await runCli(args, { cwd, env: { CI: "true" } });
    expect(refused.code).toBe(254);
    expect(refused.stderr).toMatch(/^faultline: In CI a run needs a fixed seed[^\n]*\n$/);
    expect((await runCli([...args, "--seed", "3"], { cwd, env: { CI: "true" } })).code).toBe(0);
  });
});

const silentConfig = `
import own from ${JSON.stringify(noteConfig)};
const [scenario] = own.scenarios;
const workload = { ...scenario.workload, invocation: () => ({ f: "read", key: "note", node: "notes" }) };
export default { ...own, scenarios: [{ ...scenario, workload, forms: scenario.forms.slice(0, 1) }] };
`;

const brokenConfig = `
import own from ${JSON.stringify(noteConfig)};
const [scenario] = own.scenarios;
const perform = async () => {
  console.log("printed by a scenario");
  throw new Error("the workload is broken");
};
const workload = { ...scenario.workload, perform };
export default { ...own, scenarios: [{ ...scenario, workload, forms: scenario.forms.slice(0, 1) }] };
`;
