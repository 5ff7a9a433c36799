import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");
const docs = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).map(
  (name) => `docs/${name}`,
);
const pages = ["README.md", "CONTRIBUTING.md", ...docs.filter((name) => name.endsWith(".md"))];

test.each(pages)("the links of %s lead somewhere", (page) => {
  const text = readFileSync(join(root, page), "utf8");
  const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link = ""]) => link);
  const local = links.filter((link) => !/^[a-z]+:/.test(link));
  expect(local.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
});
