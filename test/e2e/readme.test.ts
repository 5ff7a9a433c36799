import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "./run-cli.ts";

const readme = readFileSync(join(import.meta.dirname, "..", "..", "README.md"), "utf8");

test("the story that the README tells is what its token replays, to the letter", async () => {
  const told =
    /told by `npx faultline replay <token> --times 20`[^`]*```\n(.*?)\n```/s.exec(readme)?.[1] ?? "";
  const token = /npx faultline replay (flt1_\S+)/.exec(told)?.[1] ?? "";
  expect(token).not.toBe("");
  const { stdout } = await runCli(["replay", token, "--times", "20"]);
  expect(stdout.trimEnd()).toBe(told);
});
