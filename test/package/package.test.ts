import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const example = join(root, "examples/own-service");
const folder = mkdtempSync(join(tmpdir(), "faultline-package-"));
const project = join(folder, "project");
let tarball = "";

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(cwd: string, program: string, ...args: readonly string[]) {
  const env = { ...process.env, npm_config_update_notifier: "false" };
  const options = { cwd, env, encoding: "utf8", shell: process.platform === "win32" } as const;
  const { status, stdout, stderr } = spawnSync(program, args, options);
  return { code: status, stdout, stderr, all: `${stdout}${stderr}` };
}

function mustRun(cwd: string, program: string, ...args: readonly string[]): string {
  const { code, stdout, all } = run(cwd, program, ...args);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${all}`);
  return stdout;
}

/** The dependencies as they are installed here, so that the project below needs no registry. */
function installedDependencies(): Record<string, string> {
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return Object.fromEntries(
    Object.keys(dependencies).map((name) => [name, `file:${join(root, "node_modules", name)}`]),
  );
}

function ownFile(name: string): string {
  const text = readFileSync(join(example, name), "utf8");
  return text
    .replace('"../../index.ts"', '"faultline"')
    .replace('"../../checkers/index.ts"', '"faultline/checkers"');
}

beforeAll(() => {
  mustRun(root, "npm", "run", "build", "--silent");
  const packed = mustRun(root, "npm", "pack", "--ignore-scripts", "--json", "--pack-destination", folder);
  tarball = join(folder, JSON.parse(packed)[0].filename);
  mkdirSync(project);
  const dependencies = { ...installedDependencies(), faultline: `file:${tarball}` };
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ private: true, type: "module", dependencies }),
  );
  for (const name of ["note.service.ts", "notes-are-kept.scenario.ts", "faultline.config.ts"]) {
    writeFileSync(join(project, name), ownFile(name));
  }
  const flags = [
    "--prefer-offline",
    "--ignore-scripts",
    "--install-links",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  mustRun(project, "npm", "install", ...flags);
}, 180_000);

describe("the package", () => {
  test("holds compiled files, declarations, schemas, the documents that help and hints name, the readme and the licence, and nothing else", () => {
    const files = mustRun(folder, "tar", "-tzf", tarball).trim().split("\n");
    const names = files.map((name) => name.replace(/^package\//, ""));
    for (const name of ["README.md", "LICENSE", "cli/faultline.mjs", "dist/index.js", "dist/index.d.ts"]) {
      expect(names).toContain(name);
    }
    const allowed =
      /^(README\.md|LICENSE|package\.json|cli\/faultline\.mjs|cli\/schema\/.+\.json|docs\/.+\.(md|svg)|dist\/.+(\.js|\.d\.ts)|harness\/real\/components\/mongodb-stand-in\/StandInServer\.java)$/;
    expect(names.filter((name) => !allowed.test(name))).toEqual([]);
  });

  test("starts with npx", () => {
    expect(mustRun(project, "npx", "--no-install", "faultline", "--version")).toMatch(/^\d+\.\d+\.\d+\n$/);
    const list = JSON.parse(mustRun(project, "npx", "--no-install", "faultline", "list", "--json"));
    expect(list.scenarios.map(({ name }: { name: string }) => name)).toEqual(["notes-are-kept"]);
  });

  test("runs a scenario of its user in worker threads", () => {
    const { code, stdout, stderr } = run(
      project,
      "npx",
      "--no-install",
      "faultline",
      "run",
      "--runs",
      "20",
      "--json",
    );
    expect(stderr).not.toContain("    at ");
    expect(JSON.parse(stdout)).toMatchObject({ verdict: "valid", complete: true });
    expect(code).toBe(0);
  });

  test("can be imported by its subpaths, and nothing is exported by accident", () => {
    const script = [
      'import * as faultline from "faultline";',
      'import * as checkers from "faultline/checkers";',
      'import * as sim from "faultline/sim";',
      'import suite from "faultline/schema/suite.schema.json" with { type: "json" };',
      "console.log(JSON.stringify([faultline, checkers, sim].map((names) => Object.keys(names))));",
      "console.log(suite.$id, checkers.optimisticLock().name);",
    ].join("\n");
    writeFileSync(join(project, "imports.mjs"), script);
    const [names = "", rest] = mustRun(project, process.execPath, "imports.mjs").trim().split("\n");
    const [faultline, checkers, sim] = JSON.parse(names);
    expect(faultline).toEqual([
      "FaultlineError",
      "answerLost",
      "blackHole",
      "bridge",
      "clockOffset",
      "commitAnswerLost",
      "commitRequestLost",
      "connectionRefused",
      "connectionReset",
      "defineConfig",
      "defineScenario",
      "delayedDelivery",
      "duplicateDelivery",
      "faultChoice",
      "gracefulStop",
      "isolateOne",
      "linkBandwidth",
      "linkLatency",
      "linkPartition",
      "linkSlicer",
      "messageDuplication",
      "messageLoss",
      "partitionHalves",
      "poolExhaustion",
      "postgresBackendKill",
      "processCrash",
      "processPause",
      "randomCore",
      "reorderedDelivery",
      "replicaLag",
      "replicaPause",
      "requestLost",
      "rollingRestart",
      "slowClose",
    ]);
    expect(checkers).toContain("checkHistory");
    expect(sim).toEqual([
      "HistoryFile",
      "drawPlan",
      "executePlan",
      "planArbitrary",
      "replayPlanFile",
      "replayToken",
      "shrink",
    ]);
    expect(rest).toBe("urn:faultline:schema:suite:1 optimistic-lock");
    const inside = run(project, process.execPath, "-e", 'import("faultline/dist/cli/main.js")');
    expect(inside.stderr).toContain("ERR_PACKAGE_PATH_NOT_EXPORTED");
  });

  test("has types that a strict project can use", () => {
    mkdirSync(join(project, "node_modules/@types"), { recursive: true });
    // Some packages bring these types along, others do not.
    const types = join(project, "node_modules/@types/node");
    if (!existsSync(types)) symlinkSync(join(root, "node_modules/@types/node"), types);
    cpSync(join(root, "node_modules/undici-types"), join(project, "node_modules/undici-types"), {
      recursive: true,
    });
    const compilerOptions = {
      target: "es2024",
      module: "nodenext",
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      types: ["node"],
    };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    // A type that was not found would be `any`, and the wrong seed would pass.
    const wrong =
      'import { defineConfig } from "faultline";\nexport default defineConfig({ seed: "seven" });\n';
    writeFileSync(join(project, "wrong.ts"), wrong);
    const { stdout } = run(
      project,
      process.execPath,
      join(root, "node_modules/typescript/bin/tsc"),
      "-p",
      ".",
    );
    expect(stdout.trim().split("\n")).toEqual([expect.stringMatching(/^wrong\.ts\(2,\d+\): error TS2322/)]);
  });

  test("is published correctly", () => {
    const publint = run(root, "publint", "run", tarball, "--strict");
    expect(publint.all).toContain("All good!");
    const attw = run(folder, "attw", tarball, "--profile", "esm-only", "--no-emoji");
    expect(attw.code, attw.all).toBe(0);
    expect(publint.code).toBe(0);
  });
});
