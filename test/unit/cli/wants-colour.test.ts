import { expect, test } from "vitest";
import { wantsColour } from "../../../cli/wants-colour.ts";

test.each([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: "1" }, true, false],
  [{ NO_COLOR: "" }, true, true],
  [{ TERM: "dumb" }, true, false],
  [{ FORCE_COLOR: "1" }, false, true],
  [{ FORCE_COLOR: "" }, false, true],
  [{ FORCE_COLOR: "0" }, true, false],
  [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false, true],
])("%o on a terminal %s gives %s", (env, isTerminal, colour) => {
  expect(wantsColour(env, isTerminal)).toBe(colour);
});
