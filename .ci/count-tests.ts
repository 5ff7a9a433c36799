import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";

/** How many tests passed, failed and were skipped, and the names of those that failed. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly string[];
}

/** The counts of a run without tests. */
export const noTests: TestCounts = { passed: 0, failed: 0, skipped: 0, failures: [] };

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Counts the tests of a vitest JSON report. A file that could not even be loaded counts as one failed test. */
export function countTests(file: string): TestCounts {
  if (!existsSync(file)) return noTests;
  const report = JSON.parse(readFileSync(file, "utf8")) as VitestReport;
  let passed = 0;
  let skipped = 0;
  const failures: string[] = [];
  for (const result of report.testResults) {
    const path = relative(process.cwd(), result.name);
    for (const test of result.assertionResults) {
      if (test.status === "passed") passed++;
      else if (test.status === "failed") failures.push(`${path} › ${test.fullName}`);
      else skipped++;
    }
    const failedInside = result.assertionResults.some((test) => test.status === "failed");
    if (result.status === "failed" && !failedInside) failures.push(path);
  }
  return { passed, failed: failures.length, skipped, failures };
}
