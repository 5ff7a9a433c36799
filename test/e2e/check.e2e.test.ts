import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { documentOf } from "./json-document.ts";
import { runCli } from "./run-cli.ts";
import { temporaryFolder } from "./temporary-folder.ts";

interface CheckDocument {
  readonly verdict: string;
  readonly checkers: readonly {
    readonly name: string;
    readonly verdict: string;
    readonly anomalies: readonly { readonly type: string; readonly operations: readonly number[] }[];
    readonly stats: { readonly operations: number; readonly ms: number };
  }[];
}

const cwd = temporaryFolder();

function line(process: number, type: string, f: string, value?: unknown): string {
  return `${JSON.stringify({ process, type, f, key: "a", ...(value === undefined ? {} : { value }) })}\n`;
}

const created =
  line(0, "invoke", "create", { value: "x" }) + line(0, "ok", "create", { version: 1, value: "x" });
const first =
  line(1, "invoke", "update", { expected: 1, value: "y" }) +
  line(1, "ok", "update", { version: 2, value: "y" });
const second =
  line(2, "invoke", "update", { expected: 1, value: "z" }) +
  line(2, "ok", "update", { version: 2, value: "z" });
const [invoke1 = "", ok1 = ""] = first.split(/(?<=\n)/);
writeFileSync(join(cwd, "valid.ndjson"), created + first);
writeFileSync(join(cwd, "invalid.ndjson"), created + invoke1 + second + ok1);
writeFileSync(join(cwd, "empty.ndjson"), "");
writeFileSync(join(cwd, "cut.ndjson"), `${created}${first}{"process":3,"ty`);
writeFileSync(join(cwd, "corrupt.ndjson"), `${created}not json\n{"type":"ok"}\n${first}`);
writeFileSync(join(cwd, "garbage.ndjson"), "garbage\n".repeat(1000));
mkdirSync(join(cwd, "folder"));

async function check(...args: readonly string[]) {
  const { code, stdout, stderr } = await runCli(["check", ...args, "--json"], { cwd });
  return { code, stderr, document: documentOf<CheckDocument>("check", stdout) };
}

describe("faultline check", () => {
  test("a history that keeps the promise is valid", async () => {
    const { code, document } = await check("valid.ndjson", "--checker", "optimistic-lock");
    expect(document).toMatchObject({
      verdict: "valid",
      checkers: [{ name: "optimistic-lock", anomalies: [] }],
    });
    expect(document.checkers[0]?.stats.operations).toBe(2);
    expect(code).toBe(0);
  });

  test("two winners of one version are invalid, with a witness and a proof", async () => {
    const { code, document } = await check("invalid.ndjson", "--checker", "optimistic-lock");
    expect(document.verdict).toBe("invalid");
    expect(document.checkers[0]?.anomalies.map(({ type }) => type)).toContain("two-winners");
    expect(code).toBe(1);
    const text = await runCli(["check", "invalid.ndjson", "--checker", "optimistic-lock"], { cwd });
    expect(text.stdout).toContain("two-winners on a (operations ");
    expect(text.stdout).toMatch(/✗ invalid: 6 events read\.\n$/);
    expect(text.code).toBe(1);
  });

  test("several checkers are asked in the order that they are named, and invalid wins", async () => {
    const { code, document } = await check("invalid.ndjson", "--checker", "activity,optimistic-lock");
    expect(document.checkers.map(({ name }) => name)).toEqual(["activity", "optimistic-lock"]);
    expect([document.verdict, code]).toEqual(["invalid", 1]);
  });

  test("nothing to look at is unknown", async () => {
    const { code, document } = await check("empty.ndjson", "--checker", "optimistic-lock");
    expect([document.verdict, code]).toEqual(["unknown", 2]);
  });

  test("functions and fields may have other names", async () => {
    const text = (created + invoke1 + second + ok1)
      .replaceAll('"update"', '"save"')
      .replaceAll('"version"', '"rev"');
    writeFileSync(join(cwd, "renamed.ndjson"), text);
    const names = ["--function", "update=save", "--field", "version=rev"];
    const { code, document } = await check("renamed.ndjson", "--checker", "optimistic-lock", ...names);
    expect([document.verdict, code]).toEqual(["invalid", 1]);
    const refused = await runCli(
      ["check", "renamed.ndjson", "--checker", "optimistic-lock", "--function", "upsert=save"],
      { cwd },
    );
    expect(refused.code).toBe(254);
    expect(refused.stderr).toMatch(/^faultline: [^\n]*upsert[^\n]*\n$/);
  });

  test("a last line that was cut off is a warning", async () => {
    const { code, stderr, document } = await check("cut.ndjson", "--checker", "optimistic-lock");
    expect([document.verdict, code]).toEqual(["valid", 0]);
    expect(stderr).toMatch(/^faultline: warning: cut\.ndjson:5: [^\n]*truncated-last-line\]\n$/);
  });

  test("bad lines are told one by one, up to a limit, and the first line says how many", async () => {
    const { code, stdout, stderr } = await runCli(
      ["check", "corrupt.ndjson", "--checker", "optimistic-lock", "--json"],
      { cwd },
    );
    expect(code).toBe(254);
    const lines = stderr.trimEnd().split("\n");
    expect(lines[0]).toMatch(
      /^faultline: The history corrupt\.ndjson cannot be read: 2 lines of it are wrong\./,
    );
    expect(lines.slice(1).map((text) => text.split(":").slice(0, 2).join(":"))).toEqual([
      "corrupt.ndjson:3",
      "corrupt.ndjson:4",
    ]);
    const { error } = documentOf<{ error: { code: string; details: string[] } }>("error", stdout);
    expect(error.code).toBe("bad-history");
    expect(error.details).toHaveLength(2);
    const garbage = await runCli(["check", "garbage.ndjson", "--checker", "optimistic-lock"], { cwd });
    expect(garbage.stderr.trimEnd().split("\n")).toHaveLength(21);
    expect(garbage.stderr).toContain("at least 20 lines");
    expect(garbage.code).toBe(254);
  });

  test("of several files one that cannot be read takes no verdict from the others", async () => {
    const args = ["corrupt.ndjson", "valid.ndjson", "--checker", "optimistic-lock"];
    const { code, stderr, document } = await check(...args);
    expect(document).toMatchObject({
      verdict: "unknown",
      files: [
        { file: "corrupt.ndjson", error: { code: "bad-history", line: 3 } },
        { file: "valid.ndjson", verdict: "valid" },
      ],
    });
    expect(stderr).toContain("corrupt.ndjson:3: ");
    expect(code).toBe(254);
    const worse = await runCli(["check", "invalid.ndjson", ...args], { cwd });
    expect(worse.stdout).toMatch(/3 histories, 1 invalid, 1 valid, 1 not checked\.\n$/);
    expect(worse.code).toBe(1);
  });

  test("logs of two hosts are merged by their times, and the stale read is told with file and line", async () => {
    const at = (type: string, f: string, value: number | null, time: number) =>
      `${JSON.stringify({ process: 0, type, f, value, time })}\n`;
    writeFileSync(join(cwd, "host-1.ndjson"), at("invoke", "write", 1, 10) + at("ok", "write", 1, 20));
    writeFileSync(join(cwd, "host-2.ndjson"), at("invoke", "read", null, 30) + at("ok", "read", null, 40));
    const args = ["check", "host-2.ndjson", "host-1.ndjson", "--checker", "linearizability"];
    const apart = await runCli([...args, "--model", "register"], { cwd });
    expect(apart.code).toBe(0);
    const merged = await runCli([...args, "--model", "register", "--merge"], { cwd });
    expect(merged.stdout).toMatch(/\(operations [^)]*at host-2\.ndjson:\d/);
    expect(merged.code).toBe(1);
  });
});
