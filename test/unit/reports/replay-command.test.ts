import { expect, test } from "vitest";
import { replayCommand } from "../../../reports/wording/replay-command.ts";

test.each([
  ["flt1_ab-C_9", undefined, "npx faultline replay flt1_ab-C_9"],
  ["flt1_a", "my/faultline.config.ts", "npx faultline replay flt1_a --config my/faultline.config.ts"],
  ["a b/plan.json", undefined, "npx faultline replay 'a b/plan.json'"],
  ["it's; rm -rf $HOME", "", "npx faultline replay 'it'\\''s; rm -rf $HOME' --config ''"],
  ["a\u001b[31m\nb", undefined, "npx faultline replay 'a\\u001b[31m\\nb'"],
])("%j with the configuration %j can be copied into a shell", (what, config, command) => {
  expect(replayCommand(what, config)).toBe(command);
});
