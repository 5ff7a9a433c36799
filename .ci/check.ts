// What `npm test` runs. Every step runs even when an earlier one failed; the end lists what failed.
// `node .ci/check.ts types lint` runs only the steps that are named.

import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { countTests, noTests, type TestCounts } from "./count-tests.ts";

interface Step {
  readonly name: string;
  readonly command: readonly string[];
}

const root = join(import.meta.dirname, "..");
const folder = join(root, ".faultline", "check");
const testReport = join(folder, "vitest.json");

const steps: readonly Step[] = [
  { name: "format and lint", command: ["biome", "check", "--error-on-warnings", "."] },
  { name: "types", command: ["tsc", "-p", "tsconfig.json"] },
  { name: "import rules", command: ["depcruise", "--config", ".dependency-cruiser.mjs", "."] },
  { name: "unused code", command: ["knip"] },
  {
    name: "tests",
    command: [
      "vitest",
      "run",
      "--project",
      "default",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${testReport}`,
    ],
  },
];

function run(step: Step): boolean {
  process.stdout.write(`\n── ${step.name}: ${step.command.join(" ").replaceAll(`${root}/`, "")}\n`);
  const [program = "", ...args] = step.command;
  const result = spawnSync(program, args, {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (result.error !== undefined) process.stdout.write(`${result.error.message}\n`);
  return result.status === 0;
}

function summary(failed: readonly string[], ran: number, tests: TestCounts): string {
  const lines = ["", "── result"];
  for (const name of tests.failures.slice(0, 50)) lines.push(`  failed test: ${name}`);
  if (tests.failures.length > 50) lines.push(`  and ${tests.failures.length - 50} more failed tests`);
  lines.push(`  tests: ${tests.passed} passed, ${tests.failed} failed, ${tests.skipped} skipped`);
  for (const name of failed) lines.push(`  FAILED: ${name}`);
  lines.push(failed.length === 0 ? `  all ${ran} steps passed` : `  ${failed.length} of ${ran} steps failed`);
  return `${lines.join("\n")}\n`;
}

const wanted = process.argv.slice(2);
const chosen =
  wanted.length === 0 ? steps : steps.filter((step) => wanted.includes(step.name.split(" ")[0] ?? ""));
mkdirSync(folder, { recursive: true });
rmSync(testReport, { force: true });

process.stdout.write(`Running ${chosen.length} steps: ${chosen.map((step) => step.name).join(", ")}.\n`);
const failed = chosen.filter((step) => !run(step)).map((step) => step.name);
const tests = chosen.some((step) => step.name === "tests") ? countTests(testReport) : noTests;
const passedSteps = chosen.filter((step) => step.name !== "tests" && !failed.includes(step.name)).length;
const failedSteps = failed.filter((name) => name !== "tests").length;
// A test step that failed without a failed test (an error outside tests, a crash) still counts as one.
const brokenRun = failed.includes("tests") && tests.failed === 0 ? 1 : 0;
writeFileSync(
  join(folder, "counts.json"),
  `${JSON.stringify({
    passed: tests.passed + passedSteps,
    failed: tests.failed + failedSteps + brokenRun,
    skipped: tests.skipped,
  })}\n`,
);
process.stdout.write(summary(failed, chosen.length, tests));
process.exitCode = failed.length === 0 ? 0 : 1;
