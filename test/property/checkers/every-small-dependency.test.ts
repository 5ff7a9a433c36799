import { expect, test } from "vitest";
import type { Json } from "../../../checkers/history/operation.ts";
import { longFork } from "../../../checkers/long-fork/long-fork.checker.ts";
import { visibleDependencies } from "../../../checkers/session/visible-dependencies.checker.ts";
import { buildHistory } from "../../support/build-history.ts";
import { everySequence } from "../../support/every-sequence.ts";
import { FindingTally } from "../../support/finding-tally.ts";
import { inMilliseconds } from "../../support/in-milliseconds.ts";
import { longForkOracle } from "../../support/jepsen.oracle.ts";
import { missingDependencies } from "../../support/visible-dependencies.oracle.ts";

const line = (process: number, type: string, f: string, key: string, value?: Json) => ({
  ...{ process, client: process, type, f, key },
  ...(value === undefined ? {} : { value }),
});
const call = (
  client: number,
  f: string,
  key: string,
  asked: Json | undefined,
  told: Json | undefined,
  type = "ok",
) => [line(client, "invoke", f, key, asked), line(client, type, f, key, told)];

test("visible-dependencies says what comparing each read with each before it says of every sequence of up to four calls", () => {
  const begun = [
    ...call(2, "write", "a", { after: [] }, undefined),
    ...call(2, "write", "b", { after: "a" }, undefined),
    ...call(2, "write", "c", { after: ["b"] }, undefined),
  ];
  const question = [line(1, "invoke", "read", "a")];
  const answer = [line(1, "ok", "read", "a", null)];
  const lines = [
    call(0, "read", "a", undefined, null),
    call(0, "read", "b", undefined, { text: "x" }),
    call(0, "read", "b", undefined, null),
    call(0, "read", "c", undefined, { text: "x" }),
    call(0, "list", "all", undefined, ["b", "c"]),
    call(0, "list", "all", undefined, ["a", "c"]),
    call(1, "list", "all", undefined, ["a", "b", "c"]),
    question,
    answer,
    call(2, "delete", "b", undefined, undefined),
    call(2, "delete", "a", undefined, undefined, "fail"),
    call(2, "write", "c", { after: ["a"] }, undefined),
  ];
  const tally = new FindingTally();
  const checker = visibleDependencies({ maxAnomalies: 1000 });
  for (const sequence of everySequence(lines, 4)) {
    const [asked, told] = [sequence.indexOf(question), sequence.indexOf(answer)];
    if (asked !== sequence.lastIndexOf(question) || told !== sequence.lastIndexOf(answer)) continue;
    if (told >= 0 && (asked < 0 || told < asked)) continue;
    // Nobody asks anything else while the answer is out.
    if (asked >= 0 && sequence.slice(asked, told < 0 ? undefined : told).includes(lines[6]!)) continue;
    const events = inMilliseconds([...begun, ...sequence.flat()]);
    const result = checker.check(buildHistory(events));
    const found = result.anomalies.map(({ type, key, operations }) => `${type} ${key} ${operations.at(-1)}`);
    tally.compare(events, result, found, missingDependencies(events));
  }
  const types = ["dependency-missing", "shown-without-dependency"];
  expect(tally.rarerThan(50, ["valid", "invalid", "unknown", ...types])).toEqual([]);
});

test("long-fork says what comparing all pairs says of every sequence of up to five reads and writes", () => {
  const shown = (...seen: (readonly [key: string, value: number | null])[]) =>
    seen.map(([key, value]) => ["r", key, value]);
  const read = (value: Json) => call(0, "read", "k", undefined, value);
  const lines = [
    read(shown(["x", 1], ["y", null])),
    read(shown(["x", null], ["y", 1])),
    read(shown(["y", 1], ["x", 1])),
    read(shown(["x", 1], ["z", null], ["y", null])),
    read(shown(["z", 1], ["x", null])),
    read(shown(["y", 2], ["x", 1])),
    call(1, "write", "k", [["w", "x", 1]], [["w", "x", 1]]),
    call(1, "write", "k", [["w", "z", 2]], undefined, "fail"),
  ];
  const tally = new FindingTally();
  for (const sequence of everySequence(lines, 5)) {
    const events = inMilliseconds(sequence.flat());
    const history = buildHistory(events);
    const result = longFork().check(history);
    const isRight = !longForkOracle(history);
    tally.compare(
      events,
      result,
      result.anomalies.map(({ type }) => type),
      isRight ? [] : ["long-fork"],
    );
  }
  expect(tally.rarerThan(50, ["valid", "invalid", "unknown", "long-fork"])).toEqual([]);
});
