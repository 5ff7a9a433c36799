import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { documentOf } from "./json-document.ts";
import { root, runCli } from "./run-cli.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const cwd = temporaryFolder();

interface CheckDocument {
  readonly files: readonly { readonly format: string; readonly events: number; readonly verdict: string }[];
}

interface LintDocument {
  readonly files: readonly {
    readonly findings: readonly { readonly code: string; readonly line: number }[];
  }[];
}

describe("faultline check", () => {
  test("reads a file of each format of the corpus, and guesses which it is", async () => {
    const files = [
      ["jepsen-edn/cas-failure.edn", "jepsen-edn", 582],
      ["jepsen-json/bank.json", "jepsen-json", 642],
      ["etcd-register/etcd_000.log", "etcd-log", 170],
      ["kv/c10-ok.txt", "porcupine-kv", 674],
      ["isolation-text/causal/long-fork.txt", "isolation-text", 10],
    ] as const;
    const paths = files.map(([name]) => join(root, "test/corpus", name));
    const { code, stdout } = await runCli(["check", ...paths, "--checker", "activity", "--json"], { cwd });
    const document = documentOf<CheckDocument>("check", stdout);
    expect(document.files.map(({ format, events }) => [format, events])).toEqual(
      files.map(([, format, events]) => [format, events]),
    );
    expect(code).toBe(0);
  });

  test("judges a fork that Jepsen's own test shows, in words", async () => {
    const file = join(root, "test/corpus/jepsen-edn/long-fork.edn");
    const { code, stdout } = await runCli(["check", file, "--checker", "long-fork"], { cwd });
    expect(stdout).toContain("operation 1 saw the write to 1 but not the one to 2");
    expect(code).toBe(1);
  });
});

describe("faultline lint", () => {
  test("tells what check refuses, line by line, and ends with 1", async () => {
    const line = (type: string) => `{"process":1,"type":"${type}","f":"read"}\n`;
    writeFileSync(
      join(cwd, "bad.ndjson"),
      `${line("ok")}garbage\n${line("invoke")}${line("info")}${line("invoke")}`,
    );
    const { code, stdout } = await runCli(["lint", "bad.ndjson", "--json"], { cwd });
    const [file] = documentOf<LintDocument>("lint", stdout).files;
    expect(file?.findings.map((finding) => `${finding.code}:${finding.line}`)).toEqual([
      "completion-without-invocation:1",
      "not-json:2",
      "process-reused-after-info:5",
      "never-completed:5",
    ]);
    expect(code).toBe(1);
    const text = await runCli(["lint", "bad.ndjson"], { cwd });
    expect(text.stdout).toMatch(
      /✗ bad\.ndjson: 3 findings that change verdicts, 1 to know of; 4 events read as ndjson\.\n$/,
    );
    const checked = await runCli(["check", "bad.ndjson", "--checker", "activity"], { cwd });
    expect(checked.code).toBe(254);
  });

  test("ends with 0 where nothing changes a verdict", async () => {
    const file = join(root, "test/corpus/jepsen-json/bank.json");
    const { code, stdout } = await runCli(["lint", file], { cwd });
    expect(stdout).toMatch(/nothing changes a verdict, 1 to know of; 642 events read as jepsen-json\.\n$/);
    expect(code).toBe(0);
  });
});

test("faultline export writes what faultline check reads", async () => {
  const source = join(root, "test/corpus/jepsen-json/bank-negative-balances.json");
  const written = await runCli(["export", source, "--format", "jepsen-edn", "--out", "bank.edn"], { cwd });
  expect([written.code, written.stdout, written.stderr]).toEqual([0, "", ""]);
  const { code } = await runCli(["check", "bank.edn", "--checker", "bank"], { cwd });
  expect(code).toBe(1);
});
