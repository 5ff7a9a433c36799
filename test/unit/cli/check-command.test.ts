import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runCli } from "../../../cli/run-cli.ts";
import { documentOf } from "../../e2e/json-document.ts";
import { root } from "../../e2e/run-cli.ts";
import { temporaryFolder } from "../../e2e/temporary-folder.ts";
import { fakeIo } from "./fake-io.ts";

const cwd = temporaryFolder();
const corpus = join(root, "test/corpus");

interface CheckDocument {
  readonly verdict: string;
  readonly checkers?: readonly object[];
  readonly files: readonly { readonly file: string; readonly format: string; readonly verdict: string }[];
}

async function run(...args: readonly string[]) {
  const io = fakeIo({ cwd });
  const code = await runCli(args, io);
  return { code, stdout: io.out.written.join(""), stderr: io.err.written.join("") };
}

describe("several histories", () => {
  const files = ["jepsen-json/bank.json", "jepsen-json/bank-negative-balances.json"].map((name) =>
    join(corpus, name),
  );

  test("have a verdict each, and invalid beats valid", async () => {
    const { code, stdout } = await run("check", ...files, "--checker", "bank", "--json");
    const document = documentOf<CheckDocument>("check", stdout);
    expect(document.files.map(({ verdict, format }) => [verdict, format])).toEqual([
      ["valid", "jepsen-json"],
      ["invalid", "jepsen-json"],
    ]);
    expect([document.verdict, document.checkers, code]).toEqual(["invalid", undefined, 1]);
  });

  test("are shown under their names, with a sum", async () => {
    const { stdout } = await run("check", ...files, "--checker", "bank", "--model", "overdraft");
    expect(stdout).toContain(`${files[1]}\n✓ bank: valid`);
    expect(stdout).toMatch(/✓ valid: 2 histories, 2 valid\.\n$/);
  });

  test("unknown beats valid", async () => {
    writeFileSync(join(cwd, "nothing.ndjson"), "");
    const { code, stdout } = await run("check", files[0]!, "nothing.ndjson", "--checker", "bank");
    expect(stdout).toMatch(/\? unknown: 2 histories, 1 unknown, 1 valid\.\n$/);
    expect(code).toBe(2);
  });
});

describe("without a checker the error names those that fit:", () => {
  test.each([
    ["jepsen-json/bank.json", "This history fits: bank. There are:"],
    ["jepsen-json/counter.json", "This history fits: counter. There are:"],
    ["jepsen-json/set_full.json", "This history fits: set. There are:"],
    ["jepsen-edn/long-fork.edn", /This history fits: .*long-fork/],
  ])("%s", async (name, hint) => {
    const { code, stderr } = await run("check", join(corpus, name));
    expect(stderr).toMatch(hint);
    expect(code).toBe(254);
  });
});

test("keyed values may be forced, and forbidden", async () => {
  copyFileSync(join(corpus, "jepsen-json/set_full.json"), join(cwd, "set.json"));
  const guessed = await run("check", "set.json", "--checker", "set");
  expect([guessed.code, guessed.stderr]).toEqual([0, expect.stringContaining("keyed-values")]);
  const forced = await run("check", "set.json", "--checker", "set", "--keyed");
  expect([forced.code, forced.stderr]).toEqual([0, ""]);
  // Then the elements are pairs, and the read shows numbers that nobody added.
  expect((await run("check", "set.json", "--checker", "set", "--no-keyed")).code).toBe(1);
});

describe("export", () => {
  test("to a file says what was written, and the file is read again", async () => {
    const source = join(corpus, "kv/c01-ok.txt");
    const { code, stdout } = await run(
      "export",
      source,
      "--format",
      "jepsen-edn",
      "--out",
      "kv.edn",
      "--json",
    );
    expect(documentOf("export", stdout)).toMatchObject({
      out: "kv.edn",
      events: 116,
      leftOut: 0,
      isKeyed: true,
    });
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, "kv.edn"), "utf8").split("\n")).toHaveLength(117);
    expect((await run("check", "kv.edn", "--checker", "activity", "--keyed")).code).toBe(0);
  });

  test("to standard output is the history and nothing else", async () => {
    const line =
      '{"process":1,"type":"invoke","f":"write","value":7}\n{"type":"record","f":"saga","key":"a"}\n';
    writeFileSync(join(cwd, "own.ndjson"), line);
    const { stdout, stderr } = await run("export", "own.ndjson", "--format", "jepsen-json");
    expect(JSON.parse(stdout)).toEqual([
      { index: 0, time: 0, process: 1, type: "invoke", f: "write", value: 7 },
    ]);
    expect(stderr).toBe("faultline: 1 records, faults and phases are left out.\n");
  });
});
