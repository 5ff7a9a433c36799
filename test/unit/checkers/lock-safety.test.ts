import { describe, expect, test } from "vitest";
import type { CheckResult } from "../../../checkers/checker.ts";
import { lockSafety } from "../../../checkers/locks/lock-safety.checker.ts";
import { buildHistory } from "../../support/build-history.ts";
import { eventsOfText, historyOf } from "../../support/history-text.ts";

/** Each line takes a millisecond. */
function check(text: string, options = {}): CheckResult {
  const events = eventsOfText(text).map((event) => ({ ...event, time: event.index * 1e6 }));
  return lockSafety({ marginMs: 0, ...options }).check(buildHistory(events));
}

function proofsOf(text: string): string[] {
  return check(text).anomalies.map(({ type, proof }) => `${type}: ${proof}`);
}

describe("lockSafety finds two holders", () => {
  test("of which the first had neither released the lock nor let it expire", () => {
    expect(
      proofsOf(`
        c1 acquire L => ok {"token":1,"ttlMs":4}
        c2 acquire L => ok {"token":2,"ttlMs":100}
        c3 acquire L => ok {"token":3,"ttlMs":100}
        c2 release L {"token":2} => ok
        c4 acquire L => ok {"token":4,"ttlMs":100}
      `),
    ).toEqual([
      "two-holders: client 1 was told that it holds L (operation 1) and asked for it so late (operation 0) that it had not " +
        "expired yet, but meanwhile client 2 was told that it holds it (operation 3)",
      "two-holders: client 2 was told that it holds L (operation 3) and gave it back only later (operation 6), but " +
        "meanwhile client 3 was told that it holds it (operation 5)",
      "two-holders: client 3 was told that it holds L (operation 5) and held it to the end of the history, but meanwhile " +
        "client 4 was told that it holds it (operation 9)",
    ]);
  });

  test("but not where the first had expired, counted from the moment at which it asked", () => {
    const text = `
      c1 acquire L => ok {"token":1,"ttlMs":3}
      c2 acquire L => ok {"token":2,"ttlMs":3}
    `;
    expect(check(text).verdict).toBe("valid");
    expect(check(text.replace('"ttlMs":3', '"ttlMs":4')).verdict).toBe("invalid");
    expect(check(text.replace('"ttlMs":3', '"ttlMs":4'), { marginMs: 1 }).verdict).toBe("valid");
  });

  test("but not where the first may have given it back already, or the second was refused", () => {
    expect(
      check(`
        c1 acquire L => ok {"token":1,"ttlMs":99}
        c1 > release L {"token":1}
        c2 acquire L => ok {"token":2,"ttlMs":99}
        c3 acquire L => fail
        c4 acquire L => info
        c5 acquire other => ok {"token":1,"ttlMs":99}
      `).verdict,
    ).toBe("valid");
  });

  test("a release without a token belongs to the last acquisition of its session", () => {
    const text = `
      c1 acquire L => ok {"token":null,"acquisition":1}
      c1 release L => info
      c2 acquire L => ok {"token":null,"acquisition":2}
    `;
    expect(check(text).verdict).toBe("valid");
    expect(check(text.replace("c1 release", "c3 release")).verdict).toBe("invalid");
    expect(check(text.replace("c1 release L", 'c3 release L {"acquisition":1}')).verdict).toBe("valid");
  });

  test("and says so where a file without times has locks that expire", () => {
    const events = eventsOfText(
      'c1 acquire L => ok {"token":1,"ttlMs":3}\nc2 acquire L => ok {"token":2,"ttlMs":3}',
    ).map((event) => ({ ...event, time: 0 }));
    expect(lockSafety().check(buildHistory(events))).toMatchObject({
      verdict: "unknown",
      reason: "the history has no times, so nothing is known of expiry",
    });
  });
});

describe("lockSafety finds tokens", () => {
  test("that do not rise, or that are given twice", () => {
    expect(
      proofsOf(`
        c1 acquire L => ok {"token":5,"ttlMs":0}
        c2 acquire L => ok {"token":4,"ttlMs":0}
        c3 acquire L => ok {"token":5,"ttlMs":0}
      `),
    ).toEqual([
      "token-not-rising: client 1 got L with token 5 (operation 1), but client 2 got L with token 4 (operation 3), who " +
        "asked for it afterwards, has a lower token",
      "token-reused: client 1 got L with token 5 (operation 1), and client 3 got L with token 5 (operation 5): the same " +
        "token twice",
    ]);
  });

  test("but not of acquisitions that were asked for at one time, or of different locks", () => {
    expect(
      check(`
        c1 > acquire L
        c2 acquire L => ok {"token":2,"ttlMs":0}
        c1 < ok {"token":1,"ttlMs":0}
        c3 acquire M => ok {"token":1,"ttlMs":0}
      `).verdict,
    ).toBe("valid");
  });
});

const holders = `
  c1 acquire L => ok {"token":1,"ttlMs":2}
  c2 acquire L => ok {"token":2,"ttlMs":2}
`;
const write = (client: number, token: number, end: string): string =>
  `c${client} guarded-write r {"lock":"L","token":${token},"value":"v${client}"} => ${end}`;
const accepted = (client: number, token: number, order: number): string =>
  `record final accepted r @store {"lock":"L","token":${token},"value":"v${client}","order":${order}}`;

describe("lockSafety finds writes", () => {
  test("of an older holder after one of a newer, in the order of the store", () => {
    const text = `${holders}
      ${write(2, 2, "ok")}
      ${write(1, 1, "ok")}
      ${accepted(2, 2, 7)}
      ${accepted(1, 1, 8)}
    `;
    expect(proofsOf(text)).toEqual([
      "stale-holder-accepted: r accepted a write with token 2 of L (record 8) and afterwards one with the older token 1 " +
        "(record 9)",
    ]);
    expect(check(text.replace('"order":8', '"order":6')).verdict).toBe("valid");
  });

  test("of an older holder, by answers, where nobody asked the store", () => {
    const text = `${holders}\n${write(2, 2, "ok")}\n${write(1, 1, "ok")}`;
    expect(check(text)).toMatchObject({ anomalies: [{ type: "stale-holder-accepted", operations: [5, 7] }] });
    expect(check(`${holders}\n${write(1, 1, "ok")}\n${write(2, 2, "ok")}`)).toMatchObject({
      verdict: "unknown",
      reason: "operation 4 writes under a lock, but no final record says what was accepted",
    });
  });

  test("of an older holder of a lock without tokens, by real time", () => {
    const plain = (text: string): string => text.replaceAll(/"token":(\d)/g, '"token":null,"acquisition":$1');
    const text = plain(`${holders}
      ${write(2, 2, "ok")}
      ${write(1, 1, "ok")}
      ${accepted(2, 2, 1)}
      ${accepted(1, 1, 2)}
    `);
    expect(proofsOf(text)).toEqual([
      "stale-holder-accepted: acquisition 1 of L was granted (operation 1) before acquisition 2 was asked for (operation " +
        "2); r accepted a write of acquisition 2 (record 8) and afterwards one of acquisition 1 (record 9)",
    ]);
    expect(check(text.replace('"order":2', '"order":0')).verdict).toBe("valid");
    const overlapping = plain(`
      c1 > acquire L
      c2 acquire L => ok {"token":2,"ttlMs":0}
      c1 < ok {"token":1,"ttlMs":0}
      ${write(2, 2, "ok")}
      ${write(1, 1, "ok")}
      ${accepted(2, 2, 1)}
      ${accepted(1, 1, 2)}
    `);
    expect(check(overlapping).verdict).toBe("valid");
  });

  test("that were acknowledged and are not there, or refused or never asked for and there", () => {
    expect(
      proofsOf(`${holders}
        ${write(1, 1, "ok")}
        ${write(2, 2, "fail")}
        ${write(3, 2, "info")}
        ${accepted(2, 2, 1)}
        ${accepted(4, 2, 2)}
      `),
    ).toEqual([
      "acknowledged-write-missing: client 1 was told that its write of r was accepted (operation 5), but the store has " +
        "accepted no such write",
      "refused-write-stored: client 2 was told that its write was refused (operation 7), but the store has accepted the " +
        'write {"lock":"L","token":2,"value":"v2","order":1} of r (record 10)',
      'unattempted-write-stored: the store has accepted the write {"lock":"L","token":2,"value":"v4","order":2} of r ' +
        "(record 11), but nobody asked for it",
    ]);
    expect(
      check(`${holders}
        ${write(1, 1, "ok")}
        ${write(2, 2, "fail")}
        ${write(3, 2, "info")}
        ${accepted(1, 1, 1)}
        ${accepted(3, 2, 2)}
      `).verdict,
    ).toBe("valid");
  });

  test("but does not decide an order that is not told", () => {
    const reason = (text: string): string => {
      const result = check(text);
      return result.verdict === "unknown" ? result.reason : result.verdict;
    };
    const both = `${holders}\n${write(1, 1, "ok")}\n${write(2, 2, "ok")}\n${accepted(1, 1, 3)}\n`;
    expect(reason(`${both}${accepted(2, 2, 3)}`)).toBe(
      "record 9 shares its place with another write in the order of accepted writes",
    );
    expect(reason(both + accepted(2, 2, 3).replace(',"order":3', ""))).toBe(
      "record 9 has no place in the order of accepted writes",
    );
    expect(reason('record final accepted r {"lock":"L","value":1,"order":1}\nc1 read x')).toBe("invalid");
    expect(
      reason(`
        c1 guarded-write r {"lock":"L","token":null,"value":1} => ok
        record final accepted r {"lock":"L","token":null,"value":1,"order":1}
      `),
    ).toBe("record 2 names neither a token nor an acquisition");
  });
});

test("lockSafety refuses bad options at once", () => {
  expect(() => lockSafety({ marginMs: -1 })).toThrow("marginMs: expected a number of at least 0");
  expect(() => lockSafety({ maxAnomalies: 0 })).toThrow("maxAnomalies");
});

describe("a token that nobody was granted", () => {
  const write = (token: number, lock = '"L"'): string =>
    `c1 guarded-write r {"lock":${lock},"token":${token},"value":${token}} => ok\n`;
  const accepted = (token: number, order: number, lock = '"L"'): string =>
    `record final accepted r {"lock":${lock},"token":${token},"value":${token},"order":${order}}\n`;
  const typesOf = (text: string): string[] => {
    const result = lockSafety().check(historyOf(text));
    return result.verdict === "invalid" ? result.anomalies.map(({ type }) => type) : [result.verdict];
  };
  const acquired = 'c1 acquire L => ok {"token":7}\n';

  test("is not accepted", () => {
    const text = acquired + write(7) + write(99) + accepted(7, 1) + accepted(99, 2);
    expect(lockSafety().check(historyOf(text)).anomalies).toMatchObject([
      {
        type: "unknown-token",
        key: "r",
        operations: [7],
        proof:
          "r accepted a write with token 99 of L (record 7), which no client was granted, and no acquisition has an " +
          "unknown outcome",
      },
    ]);
    expect(typesOf(acquired + write(99))).toEqual(["unknown-token"]);
  });

  test("may be that of one acquisition of unknown outcome, but not of two", () => {
    const unknown = `${acquired}c2 acquire L => info\n`;
    expect(typesOf(unknown + write(99) + accepted(99, 1))).toEqual(["valid"]);
    expect(typesOf(unknown + write(98) + write(99) + accepted(98, 1) + accepted(99, 2))).toEqual([
      "unknown-token",
    ]);
    expect(typesOf(`${acquired}c2 acquire L => fail\n${write(99)}${accepted(99, 1)}`)).toEqual([
      "unknown-token",
    ]);
  });

  test("of a lock that nobody asked for in the history is not judged", () => {
    expect(typesOf(write(99) + accepted(99, 1))).toEqual(["valid"]);
  });

  test("under a lock whose key is a number", () => {
    const numeric = 'c1 acquire 7 => ok {"token":7}\n';
    expect(typesOf(numeric + write(7, "7") + accepted(7, 1, "7"))).toEqual(["valid"]);
    expect(typesOf(numeric + write(99, "7") + accepted(99, 1, "7"))).toEqual(["unknown-token"]);
  });
});
