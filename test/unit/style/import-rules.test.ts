import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "faultline-imports-"));
  for (const name of [".dependency-cruiser.mjs", "tsconfig.json", "package.json"]) {
    cpSync(join(root, name), join(folder, name));
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Which rules each file of a small project breaks, by the project's own configuration. */
function rulesBroken(files: Readonly<Record<string, string>>): Record<string, string[]> {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const depcruise = join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
  const args = [depcruise, "--config", ".dependency-cruiser.mjs", "--output-type", "json", "."];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  if (!stdout.startsWith("{")) throw new Error(stderr);
  const result = JSON.parse(stdout) as {
    summary: { violations: { from: string; rule: { name: string } }[] };
  };
  const broken: Record<string, string[]> = {};
  for (const { from, rule } of result.summary.violations) {
    broken[from] ??= [];
    broken[from].push(rule.name);
    broken[from].sort();
  }
  return broken;
}

const leaf = "export const leaf = 1;\n";

function importing(...paths: readonly string[]): string {
  const lines = paths.map((path, i) => `import { leaf as leaf${i} } from "${path}";\nexport { leaf${i} };\n`);
  return `${lines.join("")}${leaf}`;
}

describe("the import rules", () => {
  test("let the allowed directions pass", () => {
    const files = {
      "checkers/a.ts": leaf,
      "harness/a.ts": importing("../checkers/a.ts"),
      "harness/record/story.ts": importing("../../checkers/a.ts"),
      "reference-impl/user.service.ts": leaf,
      "reference-impl/systems/user.system.ts": importing("../../harness/a.ts", "../user.service.ts"),
      "reports/a.reporter.ts": importing("../harness/record/story.ts"),
      "scenarios/a.scenario.ts": importing("../reference-impl/systems/user.system.ts", "../harness/a.ts"),
      "scenarios/b.scenario.ts": `import type { leaf as Leaf } from "../reference-impl/user.service.ts";\nexport type B = typeof Leaf;\n`,
      "cli/main.ts": importing("../scenarios/a.scenario.ts", "../reports/a.reporter.ts"),
      "test/a.test.ts": importing("../cli/main.ts"),
    };
    expect(rulesBroken(files)).toEqual({});
  });

  test("refuse every other direction, cycles, orphans, and packages where there must be none", () => {
    const files = {
      "checkers/leaf.ts": leaf,
      "checkers/to-harness.ts": importing("../harness/leaf.ts"),
      "checkers/to-node.ts": 'import { readFileSync } from "node:fs";\nexport const leaf = readFileSync;\n',
      "checkers/to-package.ts": 'import * as v from "valibot";\nexport const leaf = v;\n',
      "harness/leaf.ts": leaf,
      "harness/to-services.ts": importing("../reference-impl/leaf.ts"),
      "harness/to-scenarios.ts": importing("../scenarios/leaf.ts"),
      "harness/to-dev-package.ts":
        'import { chromium } from "playwright-core";\nexport const leaf = chromium;\n',
      "harness/lonely.ts": leaf,
      "harness/cycle-a.ts": 'import type { B } from "./cycle-b.ts";\nexport interface A { b: B }\n',
      "harness/cycle-b.ts": 'import type { A } from "./cycle-a.ts";\nexport interface B { a: A }\n',
      "reference-impl/leaf.ts": leaf,
      "reference-impl/to-harness.ts": importing("../harness/leaf.ts"),
      "reference-impl/to-checkers.ts": importing("../checkers/leaf.ts"),
      "scenarios/leaf.ts": leaf,
      "scenarios/to-service.ts": importing("../reference-impl/leaf.ts"),
      "scenarios/to-cli.ts": importing("../cli/main.ts"),
      "reports/to-harness.ts": importing("../harness/leaf.ts"),
      "reports/to-scenarios.ts": importing("../scenarios/leaf.ts"),
      "cli/main.ts": leaf,
      "cli/to-test.ts": importing("../test/leaf.ts"),
      "cli/nowhere.ts": importing("./missing.ts"),
      "test/leaf.ts": leaf,
    };
    expect(rulesBroken(files)).toEqual({
      "checkers/to-harness.ts": ["checkers-sees-only-its-own-kind"],
      "checkers/to-node.ts": ["checkers-need-nothing"],
      "checkers/to-package.ts": ["checkers-need-nothing"],
      "harness/to-services.ts": ["harness-sees-only-its-own-kind"],
      "harness/to-scenarios.ts": ["harness-sees-only-its-own-kind"],
      "harness/to-dev-package.ts": ["product-has-no-dev-dependency"],
      "harness/lonely.ts": ["no-orphan"],
      "harness/cycle-a.ts": ["no-cycle"],
      "reference-impl/to-harness.ts": ["reference-impl-sees-only-its-own-kind"],
      "reference-impl/to-checkers.ts": ["reference-impl-sees-only-its-own-kind"],
      "scenarios/to-service.ts": ["scenarios-start-services-through-systems"],
      "scenarios/to-cli.ts": ["nobody-imports-cli", "scenarios-sees-only-its-own-kind"],
      "reports/to-harness.ts": ["reports-sees-only-its-own-kind"],
      "reports/to-scenarios.ts": ["reports-sees-only-its-own-kind"],
      "cli/to-test.ts": ["nobody-imports-test"],
      "cli/nowhere.ts": ["no-unresolved"],
    });
  });
});
