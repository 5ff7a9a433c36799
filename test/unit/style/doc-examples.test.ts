import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");
const pages = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".md"))
  .map((name) => join("docs", name));

/** What examples leave out: where their names come from. Names that an example imports hide these. */
const around = `
type Checkers = typeof import("faultline/checkers");
declare global {
  const conservation: Checkers["conservation"];
  const delivery: Checkers["delivery"];
  const eventStreams: Checkers["eventStreams"];
  const projection: Checkers["projection"];
  const defineConfig: (typeof import("faultline"))["defineConfig"];
  const history: import("faultline").History;
  const bytes: Uint8Array;
}
export {};
`;

/** Each example in TypeScript, as a module in the folder of the example service. */
function examples(): Map<string, string> {
  const found = new Map<string, string>();
  for (const page of ["README.md", "CONTRIBUTING.md", ...pages]) {
    const text = readFileSync(join(root, page), "utf8");
    for (const { 1: code = "", index } of text.matchAll(/^```ts\n(.*?)^```$/gms)) {
      const line = text.slice(0, index).split("\n").length;
      const name = `${page.replaceAll(/[/\\]/g, "_")}-line-${line}.ts`;
      found.set(join(root, "examples/own-service", name), `${code}export {};\n`);
    }
  }
  return found;
}

test("the examples in the documents are right TypeScript", { timeout: 120_000 }, () => {
  const files = examples().set(join(root, "examples/own-service/around.ts"), around);
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root);
  const paths = {
    faultline: ["./index.ts"],
    "faultline/checkers": ["./checkers/index.ts"],
    "faultline/sim": ["./sim.ts"],
  };
  const ownOptions = {
    ...options,
    paths,
    noUnusedLocals: false,
    isolatedDeclarations: false,
    skipLibCheck: true,
  };
  const host = ts.createCompilerHost(ownOptions);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, version, ...rest) => {
    const text = files.get(name);
    return text === undefined
      ? getSourceFile.call(host, name, version, ...rest)
      : ts.createSourceFile(name, text, version);
  };
  const program = ts.createProgram([...files.keys()], ownOptions, host);
  const wrong = [...files.keys()].flatMap((name) => {
    const source = program.getSourceFile(name);
    const diagnostics = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    return diagnostics.map(
      ({ messageText }) => `${name}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
    );
  });
  expect(files.size).toBeGreaterThan(10);
  expect(wrong.map((line) => line.slice(root.length))).toEqual([]);
});
