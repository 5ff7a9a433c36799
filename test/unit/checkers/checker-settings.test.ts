import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { settingsOf, settingValue } from "../../../checkers/checker-settings.ts";
import { checkerByName, checkerNames } from "../../../checkers/registry.ts";
import { historyOf } from "../../support/history-text.ts";

test.each([
  ["availability", "recoverWithinMs", "2000", 2000],
  ["activity", "faultsMustBite", "false", false],
  ["saga-atomicity", "steps", "stock, pay", ["stock", "pay"]],
  ["saga-atomicity", "order", "none", "none"],
  ["linearizability", "initial", '{"a":[1]}', { a: [1] }],
])("%s: %s=%s", (checker, name, text, value) => {
  expect(settingValue(checker, name, text)).toEqual(value);
});

test.each([
  ["availability", "recoverWithinMs", "soon", /expected a number, found "soon"/],
  ["availability", "recoverWithinMs", "", /expected a number/],
  ["activity", "faultsMustBite", "yes", /expected true or false/],
  ["saga-atomicity", "steps", "a,,b", /names with commas/],
  ["linearizability", "initial", "{", /a JSON value/],
  ["linearizability", "__proto__", "1", /no setting "__proto__"; it has: initial/],
  ["bank", "constructor", "1", /no setting "constructor"; it has: none/],
])("%s: %s=%s is refused", (checker, name, text, message) => {
  expect(() => settingValue(checker, name, text)).toThrow(message);
});

test("a setting reaches its checker", () => {
  const history = historyOf("c1 read x => ok 1");
  const verdict = (minOk: string) =>
    checkerByName("activity", { settings: { minOk } })?.check(history).verdict;
  expect([verdict("1"), verdict("2")]).toEqual(["valid", "unknown"]);
  expect(() => checkerByName("activity", { settings: { minOk: "-1" } })).toThrow(RangeError);
});

test("the page of settings names all of them", () => {
  const page = readFileSync(new URL("../../../docs/checkers/composition.md", import.meta.url), "utf8");
  for (const checker of checkerNames) {
    const settings = settingsOf(checker);
    const row = page.split("\n").find((line) => line.startsWith(`| \`${checker}\` |`)) ?? "";
    expect([checker, settings.filter((name) => !row.includes(`\`${name}\``))]).toEqual([checker, []]);
  }
});
