import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { faultTable } from "../../../harness/faults/fault-table.ts";

test("the page on faults shows every fault as it is", () => {
  const page = readFileSync(new URL("../../../docs/faults.md", import.meta.url), "utf8");
  const rows = faultTable().map(({ name, does, heals, bite, sim, real }) => {
    const inReal = typeof real === "string" ? `no: ${real}` : real.join(", ");
    return `| \`${name}\` | ${does} | ${heals} | ${bite} | ${sim === true ? "yes" : `no: ${sim}`} | ${inReal} |`;
  });
  expect(page.split("\n").filter((line) => /^\| `[a-z-]+` \|.*\|.*\|.*\|.*\|.*\|$/.test(line))).toEqual(rows);
});
