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
const call = '{"process":1,"type":"invoke","f":"read"}';

interface CheckDocument {
  readonly verdict: string;
  readonly checkers?: readonly object[];
  readonly files: readonly {
    readonly file: string;
    readonly format: string;
    readonly verdict: string;
    readonly checkers?: readonly { readonly verdict: string }[];
  }[];
}

interface Witnessed {
  readonly files: readonly {
    readonly checkers: readonly {
      readonly anomalies: readonly {
        readonly operations: readonly number[];
        readonly lines?: readonly number[];
      }[];
    }[];
  }[];
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

describe("a witness has the lines of its operations", () => {
  const text = readFileSync(join(corpus, "jepsen-edn/long-fork.edn"), "utf8");

  test("in words and in the document, counted in the file", async () => {
    writeFileSync(join(cwd, "fork.edn"), `; a comment\n\n${text}`);
    const shown = await run("check", "fork.edn", "--checker", "long-fork");
    const { stdout } = await run("check", "fork.edn", "--checker", "long-fork", "--json");
    const [file] = documentOf<Witnessed>("check", stdout).files;
    const { operations, lines = [] } = file!.checkers[0]!.anomalies[0]!;
    expect([operations, lines]).toEqual([
      [1, 3],
      [4, 6],
    ]);
    const words = operations.map((operation, at) => `${operation} at line ${lines[at]}`);
    expect(shown.stdout).toContain(`(operations ${words.join(", ")})`);
  });

  test("unless the file has no lines", async () => {
    writeFileSync(join(cwd, "flat.edn"), text.replaceAll("\n", " "));
    const shown = await run("check", "flat.edn", "--checker", "long-fork");
    expect(shown.stdout).toMatch(/\(operations \d+(, \d+)+\)/);
    const { stdout } = await run("check", "flat.edn", "--checker", "long-fork", "--json");
    expect(documentOf<Witnessed>("check", stdout).files[0]!.checkers[0]!.anomalies[0]).not.toHaveProperty(
      "lines",
    );
  });
});

describe("logs of several hosts", () => {
  const at = (process: number, type: string, f: string, value: number | null, time: number) =>
    `${JSON.stringify({ process, type, f, value, time })}\n`;
  const writer = at(0, "invoke", "write", 1, 10) + at(0, "ok", "write", 1, 20);
  const reader = at(0, "invoke", "read", null, 30) + at(0, "ok", "read", null, 40);
  writeFileSync(join(cwd, "writer.ndjson"), writer);
  writeFileSync(join(cwd, "reader.ndjson"), reader);
  writeFileSync(join(cwd, "both.ndjson"), reader.replaceAll('"process":0', '"process":1') + writer);
  const linearizable = ["--checker", "linearizability", "--model", "register"];

  test("in one file are refused as they stand, and lint says what to do", async () => {
    const { code, stderr } = await run("check", "both.ndjson", ...linearizable);
    expect([code, stderr]).toEqual([254, expect.stringContaining("check --order time")]);
    const lint = await run("lint", "both.ndjson");
    expect(lint.stdout).toContain("check --order time puts the lines in their");
  });

  test("are put in the order of their times, and the stale read is seen, with its line", async () => {
    const { code, stdout } = await run("check", "both.ndjson", ...linearizable, "--order", "time");
    expect(stdout).toMatch(/at line \d/);
    expect(code).toBe(1);
  });

  test("are merged from several files, each of which is right by itself", async () => {
    const apart = await run("check", "writer.ndjson", "reader.ndjson", ...linearizable);
    expect(apart.code).toBe(0);
    const { code, stdout } = await run(
      "check",
      "reader.ndjson",
      "writer.ndjson",
      "--merge",
      ...linearizable,
      "--json",
    );
    const document = documentOf<CheckDocument>("check", stdout);
    expect(document.files.map(({ file, verdict }) => [file, verdict])).toEqual([
      ["reader.ndjson + writer.ndjson", "invalid"],
    ]);
    const anomaly = documentOf<Witnessed>("check", stdout).files[0]!.checkers[0]!.anomalies[0]!;
    expect(anomaly).toMatchObject({
      files: expect.arrayContaining(["reader.ndjson"]),
      lines: expect.anything(),
    });
    expect(code).toBe(1);
    const text = await run("check", "reader.ndjson", "writer.ndjson", "--merge", ...linearizable);
    expect(text.stdout).toMatch(/at reader\.ndjson:\d/);
  });

  test.each([
    [["writer.ndjson", "writer.ndjson", "--merge"], /writer\.ndjson is named twice/],
    [["writer.ndjson", "gone", "--merge"], /There is no gone/],
    [
      ["writer.ndjson", "timeless.ndjson", "--merge"],
      /timeless\.ndjson:1: time: expected a time in nanoseconds/,
    ],
    [["log.txt", "--order", "time"], /isolation-text has no times/],
    [["writer.ndjson", "log.txt", "--merge"], /read as isolation-text, the files before it as ndjson/],
    [["writer.ndjson", "--order", "line"], /Expected: time/],
  ])("%j is refused", async (args, message) => {
    writeFileSync(join(cwd, "log.txt"), "w 1 1\n-----\n");
    writeFileSync(join(cwd, "timeless.ndjson"), `${call}\n`);
    const { code, stderr } = await run("check", ...args, "--checker", "activity");
    expect([code, stderr]).toEqual([254, expect.stringMatching(message)]);
  });
});

describe("a file among several that cannot be read", () => {
  const good = join(corpus, "jepsen-json/bank.json");
  const broken = join(corpus, "jepsen-json/bank-negative-balances.json");
  writeFileSync(join(cwd, "torn.ndjson"), `${call}\nnot json\n{"type":"ok"}\n`);
  writeFileSync(join(cwd, "packed.ndjson"), Buffer.from([0x1f, 0x8b, 8, 0]));

  test("has an error with its line, and the others have their verdicts", async () => {
    const { code, stdout, stderr } = await run(
      "check",
      "torn.ndjson",
      good,
      "gone",
      "--checker",
      "bank",
      "--json",
    );
    const document = documentOf<CheckDocument>("check", stdout);
    expect(document.files).toMatchObject([
      {
        file: "torn.ndjson",
        error: {
          code: "bad-history",
          line: 2,
          details: [/torn\.ndjson:2: /, /:3: /].map((part) => expect.stringMatching(part)),
        },
      },
      { file: good, verdict: "valid", checkers: [{ verdict: "valid" }] },
      { file: "gone", error: { code: "file-not-found", message: "There is no gone." } },
    ]);
    expect(document.files[0]).not.toHaveProperty("verdict");
    expect([document.verdict, code]).toEqual(["unknown", 254]);
    expect(stderr).toContain("torn.ndjson:2: ");
    expect(stderr).toContain("faultline: There is no gone.");
  });

  test("does not hide that another is invalid, and is told in the sum", async () => {
    const { code, stdout } = await run("check", broken, "packed.ndjson", "torn.ndjson", "--checker", "bank");
    expect(stdout).toContain("packed.ndjson\n✗ not checked: packed.ndjson: expected a text in UTF-8");
    expect(stdout).toContain("[unreadable-file]\n  Unpack it first: gunzip");
    expect(stdout).toMatch(/\[bad-history\]\n {2}torn\.ndjson:2: line: expected one JSON object/);
    expect(stdout).toMatch(/✗ invalid: 3 histories, 1 invalid, 2 not checked\.\n$/);
    expect(code).toBe(1);
  });

  test("alone is refused as a whole, as before", async () => {
    const { code, stdout } = await run("check", "torn.ndjson", "--checker", "bank", "--json");
    expect(documentOf<{ error: { code: string } }>("error", stdout).error.code).toBe("bad-history");
    expect(code).toBe(254);
  });

  test("is no reason for lint to be silent about the others", async () => {
    const { code, stdout, stderr } = await run("lint", "packed.ndjson", good, "--json");
    expect(documentOf<CheckDocument>("lint", stdout).files).toMatchObject([
      { file: "packed.ndjson", error: { code: "unreadable-file" } },
      { file: good, changing: 0 },
    ]);
    expect(stderr).toMatch(/^faultline: packed\.ndjson: expected a text in UTF-8[^\n]*\n$/);
    expect(code).toBe(254);
    const both = await run("lint", "torn.ndjson", "packed.ndjson");
    expect(both.stdout).toContain("✗ packed.ndjson: not read: ");
    expect(both.stdout).toContain("✗ torn.ndjson: 2 findings that change verdicts");
    expect(both.code).toBe(1);
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

describe("a history without real time", () => {
  const sessions = "w 1 1\n-----\n=====\nr 1 0\n-----\n";

  test("is asked for serializability, unless another level is named", async () => {
    writeFileSync(join(cwd, "sessions.txt"), sessions);
    const { code, stdout } = await run("check", "sessions.txt", "--checker", "rw-register", "--json");
    const [file] = documentOf<CheckDocument>("check", stdout).files;
    // By time the second session read what the first had overwritten; but which was first nobody knows.
    expect([code, file?.verdict]).toEqual([0, "valid"]);
  });

  test.each(["strict-serializable", "PL-SS", "strong-snapshot-isolation"])(
    "is not asked for %s",
    async (level) => {
      writeFileSync(join(cwd, "sessions.txt"), sessions);
      const args = ["check", "sessions.txt", "--checker", "rw-register", "--isolation", level];
      const { code, stderr } = await run(...args);
      expect([code, stderr]).toEqual([254, expect.stringContaining(`it cannot tell about ${level}`)]);
    },
  );

  test("may be asked about the order of its sessions", async () => {
    writeFileSync(join(cwd, "sessions.txt"), sessions);
    const level = "strong-session-serializable";
    const { code } = await run("check", "sessions.txt", "--checker", "rw-register", "--isolation", level);
    expect(code).toBe(0);
  });
});

test("each checker is told the kind of causal consistency or the level that it takes", async () => {
  const text = "w 1 1\n-----\nr 1 2\n=====\nw 1 2\n-----\nr 1 1\n";
  writeFileSync(join(cwd, "own-orders.txt"), text);
  const verdicts = async (...args: string[]): Promise<unknown[]> => {
    const { code, stdout } = await run("check", "own-orders.txt", ...args, "--json");
    const [file] = documentOf<CheckDocument>("check", stdout).files;
    return [code, ...(file?.checkers ?? []).map(({ verdict }) => verdict)];
  };
  expect(await verdicts("--checker", "causal")).toEqual([1, "invalid"]);
  expect(await verdicts("--checker", "causal", "--isolation", "cc")).toEqual([0, "valid"]);
  expect(await verdicts("--checker", "causal", "--isolation", "cm")).toEqual([0, "valid"]);
  expect(await verdicts("--checker", "causal", "--isolation", "causal-convergence")).toEqual([1, "invalid"]);
  const both = ["--checker", "rw-register,causal", "--isolation"];
  expect(await verdicts(...both, "read-committed")).toEqual([1, "valid", "invalid"]);
});

test("a refused cas of an etcd log tells that another value was there", async () => {
  const calls = [":invoke :write 1", ":ok :write 1", ":invoke :cas [1 2]", ":fail :cas [1 2]"];
  writeFileSync(join(cwd, "etcd.log"), calls.map((call) => `INFO jepsen.util - 0 ${call}\n`).join(""));
  const { code, stdout } = await run("check", "etcd.log", "--checker", "linearizability");
  expect([code, stdout]).toEqual([1, expect.stringContaining("not-linearizable")]);
});

test("what a checker answers besides its verdict is shown", async () => {
  const file = join(corpus, "jepsen-json/paper-example.json");
  const { stdout } = await run("check", file, "--checker", "list-append", "--isolation", "serializable");
  expect(stdout).toMatch(/anomaly types: .*G-single/);
  expect(stdout).toMatch(/strongest: /);
});

test.each([
  ["--isolation", "serializable", "optimistic-lock,activity", "Those that do: list-append, rw-register."],
  ["--isolation", "serializable", "causal", "Those that do: list-append, rw-register."],
  ["--isolation", "cm", "rw-register,read-atomic", "Those that do: causal."],
  ["--model", "register", "activity", "Those that do: bank, linearizability, optimistic-lock, set."],
])("%s that no chosen checker takes is refused", async (flag, value, checker, hint) => {
  const { code, stderr } = await run("check", "nothing.ndjson", "--checker", checker, flag, value);
  expect([code, stderr]).toEqual([254, expect.stringContaining(hint)]);
});

test("one of several checkers takes the model", async () => {
  const file = join(corpus, "jepsen-json/bank.json");
  const { code } = await run("check", file, "--checker", "bank,activity", "--model", "overdraft");
  expect(code).toBe(0);
});

test("numbers that are not exact are told", async () => {
  const write = '{"process":1,"type":"invoke","f":"write","value":9007199254740993}\n';
  writeFileSync(join(cwd, "large.ndjson"), write);
  const { stderr } = await run("check", "large.ndjson", "--checker", "linearizability");
  expect(stderr).toMatch(/large\.ndjson: operation 0: expected numbers that are exact.*\[number-not-exact\]/);
});

test.each([
  ["compressed", [0x1f, 0x8b, 8, 0], "gzip"],
  ["in UTF-16", [0xff, 0xfe, 0x7b, 0], "UTF-16"],
])("a file that is %s is called by its name", async (_, bytes, name) => {
  writeFileSync(join(cwd, "odd"), Uint8Array.from(bytes));
  const { code, stderr } = await run("check", "odd", "--checker", "activity");
  expect([code, stderr]).toEqual([254, expect.stringContaining(name)]);
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
