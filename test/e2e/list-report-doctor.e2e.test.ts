import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { documentOf } from "./json-document.ts";
import { noteConfig, runCli } from "./run-cli.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const cwd = temporaryFolder();
const config = ["--config", noteConfig];
const kinds = ["postgres", "toxiproxy", "kafka", "mongodb", "redis"];

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
  interface DoctorDocument {
    readonly simLane: boolean;
    readonly realLane: boolean;
    readonly checks: readonly { readonly name: string; readonly status: string }[];
    readonly components: readonly {
      readonly kind: string;
      readonly startMs: number | null;
      readonly command: string | null;
    }[];
    readonly substrates: readonly { readonly name: string; readonly possible: boolean }[];
    readonly faults: readonly (Readonly<Record<"sim" | "local" | "docker" | "external", unknown>> & {
      readonly name: string;
    })[];
  }

  test("says what the machine has, which lanes can run, and starts each component that is there", async () => {
    const { code, stdout } = await runCli(["doctor", "--json"], { cwd });
    const document = documentOf<DoctorDocument>("doctor", stdout);
    expect([document.simLane, code]).toEqual([true, 0]);
    expect(document.checks.map(({ name }) => name)).toEqual([
      "node",
      "platform",
      "cores",
      "memory",
      "git",
      "worker threads",
      "run folder",
      "sim lane",
      "libfaketime",
    ]);
    expect(document.components.map(({ kind }) => kind)).toEqual(kinds);
    for (const { startMs, command } of document.components) expect(startMs === null).toBe(command !== null);
    const local = document.substrates.find(({ name }) => name === "local");
    expect(local?.possible).toBe(document.components.every(({ startMs }) => startMs !== null));
    const faultNamed = (wanted: string) => document.faults.find(({ name }) => name === wanted);
    expect(faultNamed("link-partition")?.sim).toBe(true);
    expect(faultNamed("replica-lag")).toMatchObject({
      docker: true,
      external: expect.stringContaining("somebody else's"),
    });
    expect(readdirSync(cwd).filter((name) => name.includes("doctor"))).toEqual([]);
  });

  test("on a machine without components shows the commands that get them; the sim lane needs none", async () => {
    const env = { PATH: cwd, FAULTLINE_CACHE: join(cwd, "empty-cache") };
    const { code, stdout } = await runCli(["doctor"], { cwd, env });
    expect(stdout).toMatch(/kafka +Kafka 4.*is not in .*\n +Run: faultline setup --component kafka/);
    expect(stdout).toMatch(/local +missing: .*toxiproxy/);
    expect(stdout).toMatch(/external +faultline.config.ts names no server/);
    expect(stdout).toMatch(/\n +sim +local +docker +external\n/);
    expect(stdout).toMatch(/\n +replica-lag +✓ +– \d+ +\(✓\) +– \d+\n/);
    expect(stdout).toMatch(/The sim lane can run\.\nThe real lane cannot run here: see above\./);
    expect(code).toBe(0);
  });
});

describe("faultline setup", () => {
  interface SetupDocument {
    readonly complete: boolean;
    readonly components: readonly {
      readonly kind: string;
      readonly found: boolean;
      readonly command: string | null;
    }[];
  }

  test("offline on a bare machine ends with 255 and the commands that help", async () => {
    const env = { PATH: cwd, FAULTLINE_CACHE: join(cwd, "empty-cache") };
    const args = ["setup", "--offline", "--json", "--component", "kafka,toxiproxy,redis"];
    const { code, stdout } = await runCli(args, { cwd, env });
    const { complete, components } = documentOf<SetupDocument>("setup", stdout);
    expect([code, complete]).toEqual([255, false]);
    expect(components.map(({ kind }) => kind)).toEqual(["toxiproxy", "kafka", "redis"]);
    for (const { found, command } of components) expect([found, command !== null]).toEqual([false, true]);
    const text = await runCli(["setup", "--offline", "--component", "redis"], { cwd, env });
    expect(text.stdout).toMatch(/redis +Neither redis-server.*\n +Run: /);
  });

  test("refuses a component that there is none of", async () => {
    const { code, stderr } = await runCli(["setup", "--component", "postgres,mysql"], { cwd });
    expect([code, stderr]).toEqual([254, expect.stringContaining("postgres, toxiproxy, kafka")]);
  });
});

describe("help", () => {
  test.each(["list", "run", "replay", "check", "report", "setup", "doctor"])(
    "%s --help has examples",
    async (verb) => {
      const { code, stdout, stderr } = await runCli([verb, "--help"], { cwd });
      expect(stdout).toContain(`Usage: faultline ${verb}`);
      expect(stdout).toContain("Examples:");
      expect(stdout).toContain("--json");
      expect([code, stderr]).toEqual([0, ""]);
    },
  );

  test("replay --help shows how a run of the real lane is replayed", async () => {
    const { stdout } = await runCli(["replay", "--help"], { cwd });
    expect(stdout.slice(stdout.indexOf("Examples:"))).toMatch(
      /real lane.*\n +faultline replay .*--substrate /,
    );
  });

  test("the program's own help names every verb and every exit code", async () => {
    const { code, stdout } = await runCli(["--help"], { cwd });
    for (const verb of ["list", "run", "replay", "check", "report", "setup", "doctor"])
      expect(stdout).toContain(`\n  ${verb} `);
    for (const exit of ["0 ", "1 ", "2 ", "254 ", "255 "]) expect(stdout).toContain(`\n  ${exit}`);
    expect(code).toBe(0);
    expect((await runCli(["--version"], { cwd })).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const bare = await runCli([], { cwd });
    expect(bare).toMatchObject({ code: 254, stdout: "" });
    expect(bare.stderr).toContain("Usage: faultline");
  });
});
