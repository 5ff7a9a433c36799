import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { noteConfig, root, runCli } from "./run-cli.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const cwd = temporaryFolder();
const hasScript = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;
const ESCAPE = "\u001b";

/** Runs the command line on a pseudo-terminal, with stdout and stderr together. */
function onTerminal(args: readonly string[], env: Readonly<Record<string, string>>): string {
  const command = [process.execPath, join(root, "cli/faultline.mjs"), ...args]
    .map((part) => `'${part}'`)
    .join(" ");
  const { stdout } = spawnSync("script", ["-qec", command, "/dev/null"], {
    cwd,
    encoding: "utf8",
    env: { PATH: process.env.PATH ?? "", TERM: "xterm", ...env },
    timeout: 50_000,
  });
  return stdout;
}

const run = ["run", "--config", noteConfig, "--form", "hardened", "--runs", "150"];

describe("colours and the progress line", () => {
  test("nothing but text where nobody looks", async () => {
    const { stdout, stderr } = await runCli(run, { cwd });
    expect(stdout + stderr).not.toContain(ESCAPE);
    expect(stderr).not.toContain("\r");
  });

  test("FORCE_COLOR colours a pipe, NO_COLOR does not", async () => {
    const list = ["list", "--config", noteConfig];
    expect((await runCli(list, { cwd, env: { FORCE_COLOR: "1" } })).stdout).toContain(`${ESCAPE}[1m`);
    expect((await runCli(list, { cwd, env: { NO_COLOR: "1" } })).stdout).not.toContain(ESCAPE);
  });

  test.skipIf(!hasScript)("on a terminal there is colour, and one line that is redrawn", () => {
    const coloured = onTerminal(run, {});
    expect(coloured).toContain(`\r${ESCAPE}[2K`);
    expect(coloured).toContain(`${ESCAPE}[32m`);
    const plain = onTerminal(run, { NO_COLOR: "1" });
    expect(plain.replaceAll(`\r${ESCAPE}[2K`, "")).not.toContain(ESCAPE);
    expect(plain).toContain("valid");
  });
});
