// Prints the last line of a check: `N passed, N failed, N skipped`. The first argument is the exit code
// of `npm start`, which counts as one more check.

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
const started = process.argv[2] === "0" ? 1 : 0;
const passed = counts.passed + started;
const failed = counts.failed + 1 - started;
process.stdout.write(`${passed} passed, ${failed} failed, ${counts.skipped} skipped\n`);
process.exitCode = failed === 0 ? 0 : 1;
