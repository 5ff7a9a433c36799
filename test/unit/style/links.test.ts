import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");
const docs = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).map(
  (name) => `docs/${name}`,
);
const pages = ["README.md", "CONTRIBUTING.md", ...docs.filter((name) => name.endsWith(".md"))];

/** Links of a page to files of this project, with their anchors: `[where, anchor]`. */
function localLinks(page: string): [string, string][] {
  const text = readFileSync(join(root, page), "utf8");
  const links = [...text.matchAll(/\]\(([^)#\s]*)(?:#([^)\s]*))?\)/g)];
  return links
    .map(([, link = "", anchor = ""]): [string, string] => [link, anchor])
    .filter(([link]) => !/^[a-z]+:/.test(link))
    .map(([link, anchor]) => [link === "" ? page : join(dirname(page), link), anchor]);
}

/** What links can point to in a page: its headings, as they are shown on the web, and marks of its own. */
function anchorsOf(page: string): Set<string> {
  const text = readFileSync(join(root, page), "utf8").replaceAll(/^```.*?^```/gms, "");
  const marks = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, mark = ""]) => mark);
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => slugOf(heading));
  // A heading that comes again gets a number.
  const numbered = headings.map((slug, at) => {
    const before = headings.slice(0, at).filter((other) => other === slug).length;
    return before === 0 ? slug : `${slug}-${before}`;
  });
  return new Set([...marks, ...numbered]);
}

function slugOf(heading: string): string {
  const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
  return text.replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(/\s/g, "-");
}

test.each(pages)("the links of %s lead somewhere", (page) => {
  const links = localLinks(page);
  expect(links.filter(([where]) => !existsSync(join(root, where)))).toEqual([]);
  const anchored = links.filter(([where, anchor]) => anchor !== "" && where.endsWith(".md"));
  expect(anchored.filter(([where, anchor]) => !anchorsOf(where).has(anchor))).toEqual([]);
});
