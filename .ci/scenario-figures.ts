// `node .ci/scenario-figures.ts suite.json`: writes the figures of a whole suite (`faultline run --json`, without
// --quick) into docs/scenarios.md, and says which rows and forms have no counterpart.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type MeasuredForm, refreshFigures } from "./refresh-figures.ts";

const [suiteFile] = process.argv.slice(2);
if (suiteFile === undefined) {
  process.stderr.write("A file is needed: node .ci/scenario-figures.ts suite.json\n");
  process.exitCode = 2;
} else {
  const suite = JSON.parse(readFileSync(suiteFile, "utf8")) as { readonly summary: readonly MeasuredForm[] };
  const docs = join(import.meta.dirname, "..", "docs", "scenarios.md");
  const { text, unmatched } = refreshFigures(readFileSync(docs, "utf8"), suite.summary);
  writeFileSync(docs, text);
  for (const line of unmatched) process.stdout.write(`${line}\n`);
}
