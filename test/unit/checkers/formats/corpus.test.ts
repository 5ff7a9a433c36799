import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { guessFormat } from "../../../../checkers/formats/guess-format.ts";
import { INVOKE } from "../../../../checkers/history/history.ts";
import { historyIn, readFormat } from "../../../support/read-format.ts";

const corpus = new URL("../../../corpus/", import.meta.url);

/** Reads a file of the corpus by the format that its beginning looks like. */
function read(name: string) {
  const text = readFileSync(new URL(name, corpus), "utf8");
  const format = guessFormat(text);
  return { format, text, history: historyIn(format, text) };
}

// Rows (an invocation and its completion are two) were counted in the files by other means: by `grep -c` of
// :invoke, :ok, :fail and :info for the texts, by `JSON.parse` for the arrays, without the nemesis.
describe("files of the corpus are read by the format that is guessed:", () => {
  test.each([
    ["jepsen-edn/cas-failure.edn", "jepsen-edn", 582],
    ["jepsen-edn/long-fork.edn", "jepsen-edn", 4],
    ["jepsen-edn/paper-example.edn", "jepsen-edn", 8],
    ["jepsen-edn/rethink-fail-minimal.edn", "jepsen-edn", 8],
    ["jepsen-json/bank-negative-balances.json", "jepsen-json", 4],
    ["jepsen-json/bank.json", "jepsen-json", 642],
    ["jepsen-json/counter.json", "jepsen-json", 574],
    ["jepsen-json/memstress3-9.json", "jepsen-json", 632],
    ["jepsen-json/paper-example.json", "jepsen-json", 8],
    ["jepsen-json/rw-register.json", "jepsen-json", 6],
    ["jepsen-json/set_full.json", "jepsen-json", 588],
    ["kv/c01-bad.txt", "porcupine-kv", 76],
    ["kv/c01-ok.txt", "porcupine-kv", 116],
    ["kv/c10-bad.txt", "porcupine-kv", 810],
    ["kv/c10-ok.txt", "porcupine-kv", 674],
    ["isolation-text/causal/fully-ser.txt", "isolation-text", 8],
    ["isolation-text/causal/long-fork.txt", "isolation-text", 10],
    ["isolation-text/causal/lost-update.txt", "isolation-text", 6],
    ["isolation-text/none/hb-cycle.txt", "isolation-text", 8],
    ["isolation-text/read-atomic/biswas-enea.txt", "isolation-text", 8],
    ["isolation-text/read-atomic/test-ra.txt", "isolation-text", 16],
    ["isolation-text/read-committed/biswas-enea.txt", "isolation-text", 8],
    ["isolation-text/read-committed/non-repeatable-read.txt", "isolation-text", 6],
    ["isolation-text/read-committed/test-rc.txt", "isolation-text", 16],
  ])("%s as %s, %i rows", (name, format, rows) => {
    const found = read(name);
    expect([found.format, found.history.length]).toEqual([format, rows]);
  });

  test("the 52 etcd logs, each line of a client", () => {
    const names = readdirSync(new URL("etcd-register/", corpus)).filter((name) => name.endsWith(".log"));
    expect(names).toHaveLength(52);
    for (const name of names) {
      const { format, history, text } = read(`etcd-register/${name}`);
      expect([name, format]).toEqual([name, "etcd-log"]);
      expect(history.length).toBe(text.split(/jepsen\.util - \d/).length - 1);
      expect([...history.type].filter((type) => type === INVOKE)).toHaveLength(
        text.split(":invoke").length - 1,
      );
    }
  });

  test("the histories of the 41 cases of Elle, every transaction of them", () => {
    const lines = readFileSync(new URL("list-append/elle-cases.jsonl", corpus), "utf8").trim().split("\n");
    expect(lines).toHaveLength(41);
    for (const line of lines) {
      const { history: maps } = JSON.parse(line) as { history: { type: string }[] };
      const result = readFormat("jepsen-json", JSON.stringify(maps));
      const completions = maps.filter(({ type }) => type !== "invoke").length;
      expect(result.ok).toBe(true);
      if (!result.ok) continue;
      expect(result.history.functions).toEqual(["txn"]);
      expect([...result.history.type].filter((type) => type !== INVOKE)).toHaveLength(completions);
    }
  });
});
