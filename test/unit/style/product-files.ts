import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

const root = join(import.meta.dirname, "../../..");
const folders = ["checkers", "harness", "reference-impl", "scenarios", "reports", "cli"];

/** A TypeScript file of the product, read and parsed. */
export interface ProductFile {
  /** From the root of the project, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly source: ts.SourceFile;
}

/** Every TypeScript file that is published, the entry files at the root included. */
export function productFiles(): ProductFile[] {
  const paths = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(root, folder, name)),
  );
  return [...paths, join(root, "index.ts"), join(root, "sim.ts")].map((path) => {
    const text = readFileSync(path, "utf8");
    return {
      path: relative(root, path).replaceAll("\\", "/"),
      text,
      source: ts.createSourceFile(path, text, ts.ScriptTarget.ES2024, true),
    };
  });
}
