import { expect, test } from "vitest";
import type { Json } from "../../../checkers/history/operation.ts";
import { lockSafety } from "../../../checkers/locks/lock-safety.checker.ts";
import { buildHistory } from "../../support/build-history.ts";
import { everySequence } from "../../support/every-sequence.ts";
import { FindingTally } from "../../support/finding-tally.ts";
import { inMilliseconds } from "../../support/in-milliseconds.ts";
import { lockAnomalies } from "../../support/lock.oracle.ts";

const line = (process: number, type: string, f: string, key: string, value?: Json) => ({
  ...{ process, client: process, type, f, key },
  ...(value === undefined ? {} : { value }),
});
/** A call that nobody else is heard of before it ends. */
const call = (
  process: number,
  f: string,
  key: string,
  asked: Json | undefined,
  type: string,
  told?: Json,
) => [
  line(process, "invoke", f, key, asked),
  ...(type === "open" ? [] : [line(process, type, f, key, told)]),
];
const numberOf = (hasTokens: boolean, number: number) =>
  hasTokens ? { token: number } : { token: null, acquisition: number };

test.each([true, false])(
  "lock-safety says what comparing all pairs says of every short story, tokens: %s",
  (hasTokens) => {
    const of = (number: number) => numberOf(hasTokens, number);
    const guarded = (number: number) => ({ lock: "L", ...of(number), value: number });
    const question = [line(2, "invoke", "acquire", "L")];
    const answer = [line(2, "ok", "acquire", "L", { ...of(3), ttlMs: 100 })];
    const calls: readonly (readonly object[])[] = [
      call(0, "acquire", "L", undefined, "ok", { ...of(1), ttlMs: 100 }),
      call(1, "acquire", "L", undefined, "ok", { ...of(2), ttlMs: 3 }),
      call(1, "acquire", "L", undefined, "ok", { ...of(1), ttlMs: 100 }),
      question,
      answer,
      call(3, "acquire", "L", undefined, "fail"),
      call(0, "release", "L", of(1), "ok"),
      call(0, "guarded-write", "r", guarded(1), "ok"),
      call(1, "guarded-write", "r", guarded(2), "fail"),
      call(1, "guarded-write", "r", guarded(2), "ok"),
    ];
    const tally = new FindingTally();
    const checker = lockSafety({ marginMs: 0, maxAnomalies: 1000 });
    for (const sequence of everySequence(calls, 3)) {
      // An answer comes once and after its question.
      const [asked, told] = [sequence.indexOf(question), sequence.indexOf(answer)];
      if (told >= 0 && (asked < 0 || told < asked || sequence.lastIndexOf(answer) > told)) continue;
      if (sequence.lastIndexOf(question) > asked) continue;
      for (const stored of everySequence([1, 2], 2)) {
        const accepted = stored.map((number, order) => {
          const value = { ...guarded(number), order };
          return { type: "record", f: "accepted", key: "r", value, final: true };
        });
        const events = inMilliseconds([...sequence.flat(), ...accepted]);
        const result = checker.check(buildHistory(events));
        const found = result.anomalies.map(({ type, operations }) => `${type} ${operations.at(-1)}`);
        const expected = lockAnomalies(events);
        if (stored.length > 0) tally.compare(events, result, found, expected);
        else {
          // Nobody asked the store: what it accepted is not known, only who held the lock.
          tally.count(result);
          const ofHolders = (name: string): boolean => /^(two-holders|token-)/.test(name);
          expect(found.filter(ofHolders).sort()).toEqual(expected.filter(ofHolders));
        }
      }
    }
    const types = [
      "two-holders",
      "stale-holder-accepted",
      "acknowledged-write-missing",
      "refused-write-stored",
      "unattempted-write-stored",
      "unknown-token",
      ...(hasTokens ? ["token-reused", "token-not-rising"] : []),
    ];
    expect(tally.rarerThan(3, ["valid", "invalid", "unknown", ...types])).toEqual([]);
  },
);
