import { expect, test } from "vitest";
import { prose } from "../../../reports/html/prose.ts";

test.each([
  ["plain", "plain"],
  ["`SET NX PX`, then the `work`", "<code>SET NX PX</code>, then the <code>work</code>"],
  ["a ` alone", "a ` alone"],
  ["`<b>` and `a", "<code>&lt;b&gt;</code> and `a"],
  ["``", "``"],
  ["", ""],
])("%j is shown as %j", (text, markup) => {
  expect(prose(text).markup).toBe(markup);
});
