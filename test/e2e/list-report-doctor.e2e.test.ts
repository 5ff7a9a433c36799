import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { documentOf } from "./json-document.ts";
import { noteConfig, runCli } from "./run-cli.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const cwd = temporaryFolder();
const config = ["--config", noteConfig];

interface ListDocument {
  readonly scenarios: readonly {
    readonly name: string;
    readonly forms: readonly { readonly name: string }[];
  }[];
  readonly checkers: readonly string[];
}

describe("faultline list", () => {
  test("shows every built-in scenario with a hardened form and something to catch", async () => {
    const { code, stdout } = await runCli(["list", "--json"], { cwd });
    const { scenarios, checkers } = documentOf<ListDocument>("list", stdout);
    expect(code).toBe(0);
    expect(scenarios.length).toBeGreaterThan(0);
    for (const { forms } of scenarios) {
      expect(forms.map(({ name }) => name)).toContain("hardened");
      expect(forms.length).toBeGreaterThan(1);
    }
    expect(checkers).toContain("optimistic-lock");
    const text = await runCli(["list"], { cwd });
    for (const { name } of scenarios) expect(text.stdout).toContain(name);
  });

  test("shows the scenarios of a configuration", async () => {
    const { stdout } = await runCli(["list", ...config, "--json"], { cwd });
    expect(documentOf<ListDocument>("list", stdout).scenarios.map(({ name }) => name)).toEqual([
      "notes-are-kept",
    ]);
  });
});

describe("faultline report", () => {
  test("writes the report of a run folder anew", async () => {
    const args = ["run", ...config, "--form", "hardened", "--runs", "3", "--out", "run"];
    await runCli(args, { cwd });
    const { code, stdout } = await runCli(["report", "run", "--json"], { cwd });
    const document = documentOf<{ report: string; complete: boolean }>("report", stdout);
    expect(document).toMatchObject({ folder: "run", report: join("run", "report.html"), verdict: "valid" });
    expect(existsSync(join(cwd, document.report))).toBe(true);
    expect(code).toBe(0);
    expect((await runCli(["report", "run"], { cwd })).stdout).toContain(join("run", "report.html"));
  });
});

describe("faultline doctor", () => {
  test("says that the sim lane can run, what the machine has, and what is not there", async () => {
    const { code, stdout } = await runCli(["doctor", "--json"], { cwd });
    const document = documentOf<{
      simLane: boolean;
      checks: { name: string; status: string; detail: string }[];
    }>("doctor", stdout);
    expect(document.simLane).toBe(true);
    expect(code).toBe(0);
    expect(document.checks.map(({ name }) => name)).toEqual([
      "node",
      "platform",
      "cores",
      "memory",
      "git",
      "worker threads",
      "run folder",
      "sim lane",
      "real lane",
    ]);
    expect(document.checks.at(-1)).toMatchObject({ status: "absent" });
    expect(readdirSync(cwd).filter((name) => name.includes("doctor"))).toEqual([]);
    expect((await runCli(["doctor"], { cwd })).stdout).toMatch(/The sim lane can run\.\n$/);
  });
});

describe("help", () => {
  test.each(["list", "run", "replay", "check", "report", "doctor"])(
    "%s --help has examples",
    async (verb) => {
      const { code, stdout, stderr } = await runCli([verb, "--help"], { cwd });
      expect(stdout).toContain(`Usage: faultline ${verb}`);
      expect(stdout).toContain("Examples:");
      expect(stdout).toContain("--json");
      expect([code, stderr]).toEqual([0, ""]);
    },
  );

  test("the program's own help names every verb and every exit code", async () => {
    const { code, stdout } = await runCli(["--help"], { cwd });
    for (const verb of ["list", "run", "replay", "check", "report", "doctor"])
      expect(stdout).toContain(`\n  ${verb} `);
    for (const exit of ["0 ", "1 ", "2 ", "254 ", "255 "]) expect(stdout).toContain(`\n  ${exit}`);
    expect(code).toBe(0);
    expect((await runCli(["--version"], { cwd })).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const bare = await runCli([], { cwd });
    expect(bare).toMatchObject({ code: 254, stdout: "" });
    expect(bare.stderr).toContain("Usage: faultline");
  });
});
