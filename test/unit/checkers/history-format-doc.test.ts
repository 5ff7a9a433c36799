import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createHistoryReader } from "../../../checkers/history/ndjson-reader.ts";
import { optimisticLock } from "../../../checkers/optimistic-lock/optimistic-lock.checker.ts";
import { checkerNames } from "../../../checkers/registry.ts";
import { sagaAtomicity } from "../../../checkers/saga/saga-atomicity.checker.ts";

const doc = readFileSync(new URL("../../../docs/history-format.md", import.meta.url), "utf8");
const families = new URL("../../../docs/checkers/", import.meta.url);
const allDocs = [
  doc,
  ...readdirSync(families).map((name) => readFileSync(new URL(name, families), "utf8")),
].join("\n");
const sources = [
  "history/append-problem",
  "history/read-error",
  "bank/bank.checker",
  "counter/counter.checker",
  "long-fork/long-fork.checker",
  "set/set-facts",
  "set/set-rules",
  "optimistic-lock/chain-rules",
  "optimistic-lock/chain-timing",
  "session/session-guarantee",
  "staleness/staleness-meter",
  "session/visible-dependencies.checker",
  "locks/holders",
  "locks/resource-writes",
  "locks/write-order",
  "answers/definite-answers.checker",
  "availability/availability.checker",
  "cache/cached-reads",
  "cache/final-entries",
  "projection/final-models",
  "projection/lag-meter",
  "projection/list-order",
  "projection/list-reads",
  "projection/mismatch-causes",
  "projection/observed-states",
  "projection/projection-progress",
  "durability/versioned-durability",
  "durability/register-durability",
  "durability/set-durability",
  "conservation/stock-wording",
  "conservation/balanced-holdings.checker",
  "delivery/delivery-records",
  "delivery/delivery-wording",
  "saga/saga-records",
  "saga/saga-wording",
].map((name) => readFileSync(new URL(`../../../checkers/${name}.ts`, import.meta.url), "utf8"));

describe("docs/history-format.md", () => {
  test("shows a history that can be read and checked", () => {
    const [, example = ""] = /```json\n([^`]+)```/.exec(doc) ?? [];
    const reader = createHistoryReader();
    reader.push(example);
    const result = reader.end();
    expect(result).toMatchObject({ ok: true, warnings: [], history: { length: 8 } });
    expect(result.ok && optimisticLock().check(result.history).verdict).toBe("valid");
  });

  test("shows records that can be read", () => {
    const [, example = ""] = /```\n(\{"type":"record"[^`]+)```/.exec(doc) ?? [];
    const reader = createHistoryReader();
    reader.push(example);
    const result = reader.end();
    expect(result).toMatchObject({ ok: true, warnings: [], history: { length: 2 } });
    expect(result.ok && sagaAtomicity().check(result.history)).toMatchObject({
      verdict: "unknown",
      reason: "no final record tells which sagas never ended (1 has no end)",
    });
  });

  test("and the pages of the families describe every checker, code and anomaly type that the sources name", () => {
    const named = sources.flatMap((source) =>
      [...source.matchAll(/(?:\| |type: |type = |\? |: )"([a-z0-9]+(?:-[a-z0-9]+)+)"/g)].map(
        ([, name]) => name!,
      ),
    );
    expect(named.length).toBeGreaterThan(35);
    expect([...checkerNames, ...named].filter((name) => !allDocs.includes(`\`${name}\``))).toEqual([]);
  });
});
