// Prints the last line of a check: `N passed, N failed, N skipped`. Each argument is a step beside the
// tests with its exit code, `npm-start:0`, and counts as one more check.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
let counts = { passed: 0, failed: 1, skipped: 0 };
try {
  counts = JSON.parse(readFileSync(join(root, ".faultline", "check", "counts.json"), "utf8"));
} catch {
  process.stdout.write("npm test did not come to its end.\n");
}
let { passed, failed } = counts;
for (const step of process.argv.slice(2)) {
  const at = step.lastIndexOf(":");
  const code = step.slice(at + 1);
  if (code === "0") passed++;
  else {
    failed++;
    process.stdout.write(`${step.slice(0, at).replaceAll("-", " ")} ended with code ${code}.\n`);
  }
}
process.stdout.write(`${passed} passed, ${failed} failed, ${counts.skipped} skipped\n`);
process.exitCode = failed === 0 ? 0 : 1;
