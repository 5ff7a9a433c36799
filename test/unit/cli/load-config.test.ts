import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadConfig } from "../../../cli/config/load-config.ts";

let cwd = "";

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "faultline-config-"));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

async function errorOf(text: string): Promise<string> {
  writeFileSync(join(cwd, "faultline.config.ts"), text);
  return await loadConfig(undefined, cwd).then(
    () => "no error",
    (error: Error) => error.message,
  );
}

describe("loadConfig", () => {
  test("without a file there is an empty configuration", async () => {
    expect(await loadConfig(undefined, cwd)).toEqual({ config: {}, path: null });
  });

  test("reads TypeScript, and takes `out` from the folder of the file", async () => {
    const path = join(cwd, "mine.config.ts");
    writeFileSync(
      path,
      'const seed: number = 7;\nexport default { seed, runs: 5, out: "runs/one", workers: 2 };\n',
    );
    expect(await loadConfig("mine.config.ts", cwd)).toEqual({
      config: { seed: 7, runs: 5, out: join(cwd, "runs/one"), workers: 2 },
      path,
    });
  });

  test("names the file that is not there, and a folder", async () => {
    await expect(loadConfig("nope.ts", cwd)).rejects.toThrow("The configuration nope.ts does not exist.");
    await expect(loadConfig(".", cwd)).rejects.toThrow("The configuration . is not a file.");
  });

  test.each([
    ["export default { sede: 7 };", /^faultline\.config\.ts: sede: there is no such field\.$/],
    ["export default { seed: -1 };", /^faultline\.config\.ts: seed: /],
    ["export default { seed: 1.5 };", /^faultline\.config\.ts: seed: /],
    ['export default { workers: "two" };', /^faultline\.config\.ts: workers: expected number/],
    ["export default { runs: 0 };", /^faultline\.config\.ts: runs: /],
    [
      "export default { scenarios: [{ name: 'Not Kebab' }] };",
      /scenarios\.0\.name: expected a name in kebab-case/,
    ],
    [
      "export default { scenarios: [{ name: 'a' }] };",
      /scenarios\.0\.claim: it is missing; .*; and 4 more\.$/,
    ],
    ["export default 7;", /^faultline\.config\.ts: default export: expected Object/],
    ["export const seed = 7;", /^faultline\.config\.ts: it has no default export/],
    ["export default {", /^faultline\.config\.ts cannot be loaded: /],
    ['import "./missing.ts";\nexport default {};', /cannot be loaded: .*missing\.ts/],
    ['throw new Error("two\\nlines");', /cannot be loaded: two lines$/],
  ])("says in one line what is wrong with %o", async (text, message) => {
    const said = await errorOf(text);
    expect(said).toMatch(message);
    expect(said).not.toContain("\n");
  });
});
