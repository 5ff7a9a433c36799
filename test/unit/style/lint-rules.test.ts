import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "faultline-lint-"));
  for (const name of ["biome.json", ".gitignore", ".ci/lint"]) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The rules that a file breaks, by the linter with the project's own configuration. */
function rulesBrokenBy(path: string, text: string): string[] {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  const args = ["lint", "--reporter=json", "--max-diagnostics=50", path];
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const { stdout } = spawnSync(process.execPath, [biome, ...args], { cwd: folder, encoding: "utf8" });
  const report = JSON.parse(stdout) as { diagnostics: { category: string; severity: string }[] };
  const errors = report.diagnostics.filter(({ severity }) => severity === "error");
  return [...new Set(errors.map(({ category }) => category))].sort();
}

describe("the linter", () => {
  test.each([
    ["Date.now", "export const t: number = Date.now();\n", "plugin"],
    ["a bare new Date", "export const t: Date = new Date();\n", "plugin"],
    ["Math.random", "export const r: number = Math.random();\n", "plugin"],
    ["crypto.randomUUID", "export const id: string = crypto.randomUUID();\n", "plugin"],
    ["globalThis.Math", "export const r: number = globalThis.Math.random();\n", "plugin"],
    ["AbortSignal.timeout", "export const s: AbortSignal = AbortSignal.timeout(5);\n", "plugin"],
    ["setTimeout", "setTimeout(() => {}, 5);\n", "lint/style/noRestrictedGlobals"],
    ["setInterval", "setInterval(() => {}, 5);\n", "lint/style/noRestrictedGlobals"],
    ["setImmediate", "setImmediate(() => {});\n", "lint/style/noRestrictedGlobals"],
    ["performance", "export const t: number = performance.now();\n", "lint/style/noRestrictedGlobals"],
    [
      "node:timers/promises",
      'import { setTimeout as sleep } from "node:timers/promises";\nawait sleep(5);\n',
      "lint/style/noRestrictedImports",
    ],
    [
      "randomUUID of node:crypto",
      'import { randomUUID } from "node:crypto";\nexport const id: string = randomUUID();\n',
      "lint/style/noRestrictedImports",
    ],
  ])("refuses %s in the product", (_, text, rule) => {
    expect(rulesBrokenBy("harness/run/example.ts", text)).toContain(rule);
  });

  test.each([
    ["a default export", "export default 1;\n", "lint/style/noDefaultExport"],
    ["any", "export const a: any = 1;\n", "lint/suspicious/noExplicitAny"],
    ["a function of 71 lines", longFunction(71), "lint/complexity/noExcessiveLinesPerFunction"],
    ["an unused variable", "const a = 1;\n", "lint/correctness/noUnusedVariables"],
  ])("refuses %s", (_, text, rule) => {
    expect(rulesBrokenBy("checkers/example.ts", text)).toContain(rule);
  });

  test("allows real time where it is owned, constant dates, hashes and short functions", () => {
    expect(rulesBrokenBy("harness/time/example.ts", "export const t: number = Date.now();\n")).toEqual([]);
    const text =
      'import { createHash } from "node:crypto";\n' +
      'export const hash: string = createHash("sha256").update(new Date(0).toISOString()).digest("hex");\n';
    expect(rulesBrokenBy("cli/example.ts", text)).toEqual([]);
    expect(rulesBrokenBy("cli/short.ts", longFunction(60))).toEqual([]);
  });
});

function longFunction(lines: number): string {
  const body = Array.from({ length: lines - 2 }, (_, i) => `  sum += ${i} * n;`).join("\n");
  return `export function long(n: number): number {\n  let sum = 0;\n${body}\n  return sum;\n}\n`;
}
