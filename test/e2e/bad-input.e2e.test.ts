import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { documentOf } from "./json-document.ts";
import { root, runCli } from "./run-cli.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const cwd = temporaryFolder();

// The whole table of bad input is in test/unit/cli/bad-input.test.ts; these are the paths through a real process.
describe("bad input", () => {
  test.each([
    ["an unknown option", ["run", "--sed", "7"], /unknown option '--sed' \(Did you mean --seed\?\)/],
    ["an unknown scenario", ["run", "nope", "--seed", "1"], /no scenario "nope"/],
    ["a token of another version", ["replay", "flt9_abc"], /version 9/],
    [
      "a history that is not there",
      ["check", "nope.ndjson", "--checker", "activity"],
      /There is no nope\.ndjson/,
    ],
  ])("%s: one clear line, 254, no stack trace", async (_, args, expected) => {
    const { code, stdout, stderr } = await runCli([...args, "--json"], { cwd });
    expect(stderr).toMatch(expected);
    expect(stderr).toMatch(/^faultline: [^\n]+\n$/);
    documentOf("error", stdout);
    expect(code).toBe(254);
  });

  test("a configuration in a project that npm has made for CommonJS is told what to change there", async () => {
    mkdirSync(join(cwd, "commonjs"));
    writeFileSync(join(cwd, "commonjs/package.json"), '{ "type": "commonjs" }');
    const config = 'import { sep } from "node:path";\nexport default { out: sep };\n';
    writeFileSync(join(cwd, "commonjs/faultline.config.ts"), config);
    const { code, stderr } = await runCli(["list"], { cwd: join(cwd, "commonjs") });
    expect(stderr).toContain("faultline.config.ts cannot be loaded: ");
    expect(stderr).toContain(
      '. Write `"type": "module"` into the package.json of its project. [config-unreadable]\n',
    );
    expect(code).toBe(254);
  });

  test("an internal error is one line and 255, with its stack only when that is asked for", async () => {
    writeFileSync(
      join(cwd, "later.config.ts"),
      'setTimeout(() => { throw new Error("thrown later"); }, 0);\nawait new Promise(() => setTimeout(() => {}, 60_000));\n',
    );
    const args = ["list", "--config", "later.config.ts"];
    const quiet = await runCli(args, { cwd });
    expect(quiet.stderr).toMatch(/^faultline: Internal error: thrown later\. [^\n]+ \[internal\]\n$/);
    expect([quiet.code, quiet.stdout]).toEqual([255, ""]);
    const loud = await runCli([...args, "--json"], { cwd, env: { FAULTLINE_DEBUG: "1" } });
    expect(loud.stderr).toContain("    at ");
    documentOf("error", loud.stdout);
  });

  test("an old Node is refused in one line", () => {
    const launcher = readFileSync(join(root, "cli/faultline.mjs"), "utf8");
    writeFileSync(join(cwd, "old.mjs"), launcher.replaceAll("process.versions.node", '"20.20.2"'));
    const { status, stderr } = spawnSync(process.execPath, ["old.mjs", "list"], { cwd, encoding: "utf8" });
    expect(status).toBe(255);
    expect(stderr).toMatch(/^faultline: Node 22\.18 or later is needed, this is 20\.20\.2: [^\n]+\n$/);
  });
});
