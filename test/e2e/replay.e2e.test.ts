import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { SuiteRecord } from "../../harness/record/suite-record.ts";
import { decodeToken, encodeToken } from "../../harness/run/token.ts";
import { documentOf } from "./json-document.ts";
import { noteConfig, runCli } from "./run-cli.ts";
import { temporaryFolder } from "./temporary-folder.ts";

interface ReplayDocument {
  readonly verdict: string;
  readonly token: string | null;
  readonly historyHash: string;
  readonly identical: boolean;
  readonly changedSince: boolean;
  readonly times: number;
  readonly anomalies: readonly { readonly checker: string; readonly type: string }[];
}

const cwd = temporaryFolder();
const config = ["--config", noteConfig];
let token = "";
let story = "";

async function replay(what: string, ...more: readonly string[]) {
  const { code, stdout, stderr } = await runCli(["replay", what, ...config, "--json", ...more], { cwd });
  return { code, stderr, document: documentOf<ReplayDocument>("replay", stdout) };
}

beforeAll(async () => {
  const args = [
    "run",
    ...config,
    "--form",
    "defect:audit-in-between",
    "--runs",
    "20",
    "--out",
    "run",
    "--json",
  ];
  const suite = documentOf<SuiteRecord>("suite", (await runCli(args, { cwd })).stdout);
  token = suite.summary[0]?.token ?? "";
  story = join("run", suite.summary[0]?.story ?? "");
});

describe("faultline replay", () => {
  test("gives the same history 20 of 20 times, and in another process again", async () => {
    const twenty = await replay(token, "--times", "20");
    expect(twenty.document).toMatchObject({ verdict: "invalid", token, times: 20, identical: true });
    expect(twenty.document.anomalies.map(({ type }) => type)).toContain("two-winners");
    expect(twenty.code).toBe(1);
    const again = await replay(token);
    expect(again.document.historyHash).toBe(twenty.document.historyHash);
    expect(again.document.identical).toBe(true);
  });

  test("takes a run folder and a story's folder for their story, and a plan file as it is", async () => {
    const { document } = await replay(token);
    for (const what of ["run", story]) {
      expect((await replay(what)).document).toEqual(document);
    }
    const plan = await replay(join(story, "plan.json"));
    expect(plan.document.historyHash).toBe(document.historyHash);
    expect(plan.code).toBe(1);
  });

  test("the history of the story is byte for byte the one that is replayed", async () => {
    const lines = readFileSync(join(cwd, story, "history.ndjson"), "utf8").split("\n");
    const header = JSON.parse(lines[0] ?? "") as { token: string };
    expect(header.token).toBe(token);
  });

  test("an edited plan is another run", async () => {
    const file = JSON.parse(readFileSync(join(cwd, story, "plan.json"), "utf8"));
    file.plan.clients = [];
    writeFileSync(join(cwd, "edited.json"), JSON.stringify(file));
    const { code, document } = await replay("edited.json");
    expect(document.historyHash).not.toBe((await replay(token)).document.historyHash);
    expect(code).not.toBe(1);
  });

  test("says that the code changed where the history is not the one that the token was made of", async () => {
    const made = decodeToken(token);
    const other = encodeToken({ ...made, historyHash: made.historyHash.replaceAll(/./g, "0") });
    const args = ["replay", other, ...config, "--times", "2", "--out", "changed"];
    const { stdout, stderr } = await runCli(args, { cwd });
    for (const text of [stdout, readFileSync(join(cwd, "changed", "report.html"), "utf8")]) {
      const words = text.replaceAll(/\s+/g, " ");
      expect(words).toContain("the code changed since it was made, so the outcome may differ");
      expect(words).not.toContain("not deterministic");
    }
    expect(stderr).toContain("The history differs");
    expect((await replay(other, "--times", "2")).document).toMatchObject({
      identical: false,
      changedSince: true,
    });
  });

  test("the command that is shown does it again: of a run, of a token, of a plan that no seed draws", async () => {
    const run = ["run", ...config, "--form", "defect:audit-in-between", "--runs", "5", "--out", "again"];
    const made = ["replay", join(story, "plan.json"), ...config, "--out", "kept"];
    for (const args of [run, ["replay", token, ...config], made]) {
      const shown = /npx faultline (replay .+)/.exec((await runCli(args, { cwd })).stdout)?.[1] ?? "";
      const again = await runCli([...shown.split(" "), "--json"], { cwd });
      expect(again.stderr).toBe("");
      expect(documentOf<ReplayDocument>("replay", again.stdout).anomalies).not.toEqual([]);
    }
    const { document } = await replay(join(story, "plan.json"));
    expect(document.token).toBeNull();
    const page = readFileSync(join(cwd, "kept", "report.html"), "utf8");
    expect(page).toContain(`npx faultline replay ${join(story, "plan.json")} --config`);
    expect((await replay("kept")).document.historyHash).toBe(document.historyHash);
  });

  test("the report of a run names the configuration that its replays need", async () => {
    const page = readFileSync(join(cwd, "run", "report.html"), "utf8");
    expect(page).toContain(`npx faultline replay ${token} --config ${noteConfig}`);
    const { stdout } = await runCli(["report", "run"], { cwd });
    expect(stdout).toContain(`npx faultline replay ${token} --config ${noteConfig}\n`);
  });

  test("tells the story to people", async () => {
    const { code, stdout } = await runCli(["replay", token, ...config, "--times", "2"], { cwd });
    expect(stdout).toContain("two-winners");
    expect(stdout).toContain("identical 2 of 2 times");
    expect(stdout).toContain(token);
    expect(code).toBe(1);
  });
});
