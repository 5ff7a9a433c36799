import { basename, dirname } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { type ProductFile, productFiles } from "./product-files.ts";

const LINES_MAX = 250;
const files = productFiles();

/** Every offence of every file, as `path: what`; an empty list is the only good answer. */
function offences(find: (file: ProductFile) => readonly string[]): string[] {
  return files.flatMap((file) => find(file).map((what) => `${file.path}: ${what}`));
}

function isExported(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

function isEntry({ path }: ProductFile): boolean {
  return ["index.ts", "sim.ts", "checkers/index.ts"].includes(path);
}

describe("style of the product's files", () => {
  test("there are files to look at", () => {
    expect(files.length).toBeGreaterThan(50);
  });

  test(`no file is longer than ${LINES_MAX} lines`, () => {
    const long = ({ text }: ProductFile) => {
      const lines = text.split("\n").length - 1;
      return lines > LINES_MAX ? [`${lines} lines`] : [];
    };
    expect(offences(long)).toEqual([]);
  });

  test("names are kebab-case, and no file is named after nothing in particular", () => {
    const badName = ({ path }: ProductFile) => {
      const parts = [...dirname(path).split("/"), basename(path, ".ts")].filter((part) => part !== ".");
      return parts.filter(
        (part) =>
          !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(part) ||
          /^(utils?|common|helpers?|managers?|misc|shared|lib)$|-(utils?|helpers?|manager)$/.test(part),
      );
    };
    expect(offences(badName)).toEqual([]);
  });

  test("every exported declaration has a docstring", () => {
    const bare = ({ source }: ProductFile) =>
      source.statements
        .filter((node) => isExported(node) && ts.getJSDocCommentsAndTags(node).length === 0)
        .map((node) => node.getText(source).slice(0, 60));
    expect(offences(bare)).toEqual([]);
  });

  test("nothing is exported by default, as a namespace or by star", () => {
    const hidden = ({ source }: ProductFile) =>
      source.statements
        .filter(
          (node) =>
            ts.isExportAssignment(node) ||
            (ts.canHaveModifiers(node) &&
              (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) ||
            (ts.isExportDeclaration(node) &&
              (node.exportClause === undefined || ts.isNamespaceExport(node.exportClause))),
        )
        .map((node) => node.getText(source).slice(0, 60));
    expect(offences(hidden)).toEqual([]);
  });

  test("only the public entry files re-export, and they do nothing else", () => {
    const barrel = (file: ProductFile) => {
      const reExports = file.source.statements.filter(
        (node) => ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined,
      );
      if (!isEntry(file)) return reExports.map((node) => node.getText(file.source).slice(0, 60));
      return file.source.statements
        .filter((node) => !ts.isExportDeclaration(node) && !ts.isImportDeclaration(node))
        .filter((node) => file.path !== "checkers/index.ts" || !isExported(node))
        .map((node) => node.getText(file.source).slice(0, 60));
    };
    expect(offences(barrel)).toEqual([]);
  });

  test("no module keeps state: nothing at the top level is declared with let or var", () => {
    const mutable = ({ source }: ProductFile) =>
      source.statements
        .filter((node) => ts.isVariableStatement(node) && !(node.declarationList.flags & ts.NodeFlags.Const))
        .map((node) => node.getText(source).slice(0, 60));
    expect(offences(mutable)).toEqual([]);
  });
});
