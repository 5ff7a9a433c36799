import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

const folder = fileURLToPath(new URL("./golden/", import.meta.url));

/** Compares with a golden file; `UPDATE_GOLDEN=1` writes it anew instead. */
export function expectGolden(name: string, actual: string): void {
  if (process.env.UPDATE_GOLDEN === "1") {
    mkdirSync(folder, { recursive: true });
    writeFileSync(folder + name, actual);
  }
  expect(actual, `${name} changed: if that is wanted, run with UPDATE_GOLDEN=1`).toBe(
    readFileSync(folder + name, "utf8"),
  );
}
