import { describe, expect, test } from "vitest";
import type { CheckResult } from "../../../checkers/checker.ts";
import { conservation } from "../../../checkers/conservation/conservation.checker.ts";
import { historyOf } from "../../support/history-text.ts";

function check(text: string): CheckResult {
  return conservation().check(historyOf(text));
}

function proofsOf(text: string): string[] {
  return check(text).anomalies.map(({ type, proof }) => `${type}: ${proof}`);
}

const start = 'c1 create sku/1 {"stock":10} => ok';

describe("conservation finds", () => {
  test("an amount below zero, at any time", () => {
    expect(proofsOf('c1 read sku/1 => ok {"stock":-1,"reserved":3,"shipped":0}')).toEqual([
      "negative-amount: client 1 read stock -1, reserved 3, shipped 0 of sku/1: stock is below zero (operation 1)",
    ]);
  });

  test("a sum that changed", () => {
    expect(
      proofsOf(`
        ${start}
        c1 restock sku/1 {"quantity":5} => info
        c1 read sku/1 => ok {"stock":15,"reserved":0,"shipped":0}
        c1 read sku/1 => ok {"stock":10,"reserved":2,"shipped":0}
      `),
    ).toEqual([
      "sum-changed: client 1 read stock 10, reserved 2, shipped 0 of sku/1: together 12 (operation 7), but at the " +
        "start stock, reserved, shipped were together 10 (operation 1), and what operations can have added does not " +
        "come to 2",
    ]);
    expect(
      check(`${start}\nc1 read sku/1 => ok {"stock":9,"reserved":0,"shipped":0}`).anomalies[0]?.proof,
    ).toMatch(/no operation can have changed the sum$/);
  });

  test("an effect that is there twice", () => {
    expect(
      proofsOf(`
        ${start}
        c1 reserve sku/1 {"quantity":2} => ok
        c2 reserve sku/1 {"quantity":3} => info !timeout
        c9 final read sku/1 => ok {"stock":6,"reserved":4,"shipped":0}
      `),
    ).toEqual([
      "effect-repeated: the final read of sku/1 shows stock 6, reserved 4, shipped 0 (operation 7), but the " +
        "acknowledged operations lead to stock 8, reserved 2, shipped 0, and no choice of the 1 operation that may " +
        "have happened explains it: as if the reserve of 2 by client 1 (operation 3), or another of that quantity, " +
        "had taken effect once more",
    ]);
  });

  test("an effect that is lost", () => {
    expect(
      check(`
        ${start}
        c1 reserve sku/1 {"quantity":2} => ok
        c1 ship sku/1 {"quantity":2} => ok
        c9 final read sku/1 => ok {"stock":8,"reserved":2,"shipped":0}
      `).anomalies,
    ).toMatchObject([{ type: "effect-lost", operations: [7, 5] }]);
  });

  test("an effect of what was refused", () => {
    expect(
      check(`
        ${start}
        c1 reserve sku/1 {"quantity":4} => fail !too-busy
        c9 final read sku/1 => ok {"stock":6,"reserved":4,"shipped":0}
      `).anomalies,
    ).toMatchObject([{ type: "refused-effect", operations: [5, 3] }]);
  });

  test("amounts that no single operation explains", () => {
    const text = (shown: string) => `
      ${start}
      c1 reserve sku/1 {"quantity":1} => ok
      c1 ship sku/1 {"quantity":1} => ok
      c2 reserve sku/1 {"quantity":2} => info
      c9 final read sku/1 => ok ${shown}
    `;
    expect(check(text('{"stock":1,"reserved":4,"shipped":5}')).anomalies).toMatchObject([
      { type: "effect-repeated", operations: [9, 1] },
    ]);
    expect(check(text('{"stock":6,"reserved":3,"shipped":1}')).anomalies).toMatchObject([
      { type: "effect-repeated" },
    ]);
    expect(check(text('{"stock":12,"reserved":-3,"shipped":1}')).anomalies).toMatchObject([
      { type: "effect-lost" },
      { type: "negative-amount" },
    ]);
  });

  test("a refusal although there was enough", () => {
    expect(
      proofsOf(`
        ${start}
        c1 reserve sku/1 {"quantity":3} => info !timeout
        c2 reserve sku/1 {"quantity":7} => fail !insufficient-stock
        c2 reserve sku/1 {"quantity":8} => fail !insufficient-stock
        c9 final read sku/1 => ok {"stock":10,"reserved":0,"shipped":0}
      `),
    ).toEqual([
      "false-refusal: client 2 was told that there is too little for its reserve of 7 of sku/1 (operation 5), but " +
        "stock was at least 7 all the time, counting from operation 1 and taking every stock away that any operation " +
        "of known or unknown outcome can have taken",
    ]);
  });
});

describe("conservation accepts", () => {
  test("unknown outcomes either way, outdated reads, other fields", () => {
    const text = `
      c1 read sku/1 => ok {"stock":10,"reserved":0,"shipped":0,"name":"pen"}
      c1 reserve sku/1 {"quantity":2,"order":"o1"} => ok
      c2 reserve sku/1 {"quantity":3} => info
      c2 reserve sku/1 {"quantity":4} => info
      c1 release sku/1 2 => ok
      c1 read sku/1 => ok {"stock":10,"reserved":0,"shipped":0}
      c9 final read sku/1 => ok {"stock":6,"reserved":4,"shipped":0}
    `;
    expect(check(text)).toMatchObject({ verdict: "valid", stats: { operations: 5 } });
  });

  test("other moves", () => {
    const checker = conservation({
      functions: { read: "balance", create: "open" },
      fields: { quantity: "amount" },
      moves: [
        { function: ["deposit", "refund"], to: "balance" },
        { function: "withdraw", from: "balance" },
      ],
    });
    const history = historyOf(`
      c1 open acc/1 {"balance":5} => ok
      c1 deposit acc/1 {"amount":5} => ok
      c1 refund acc/1 {"amount":1} => ok
      c1 withdraw acc/1 {"amount":3} => ok
      c9 final balance acc/1 => ok {"balance":8}
      c9 final balance acc/1 => ok {"balance":7}
    `);
    expect(checker.check(history).anomalies).toMatchObject([{ type: "effect-lost", operations: [11, 5] }]);
  });
});

describe("conservation does not decide", () => {
  test("stocks without a start, without a final read, or with something else than whole numbers", () => {
    const result = check(`
      c1 reserve a {"quantity":2} => ok
      c1 create b {"stock":1} => ok
      c1 reserve b {"quantity":1} => ok
      c1 reserve c {"quantity":1.5} => ok
      c1 read user/7 => ok {"version":1}
    `);
    expect(result.verdict === "unknown" && result.reason).toBe(
      "a: the amounts before the first move are not known (no create, no earlier read); b: no final read tells whether " +
        "each acknowledged move took effect; c: operation 6 does not say how many",
    );
  });

  test("too many choices, unless an amount is out of reach of all of them together", () => {
    const moves = Array.from({ length: 60 }, (_, at) => [
      `c1 reserve k {"quantity":${2 ** (at % 40)}} => info`,
      `c1 release k {"quantity":${3 ** (at % 25)}} => info`,
    ]).flat();
    const text = (shown: string) => `
      c1 create k {"stock":1} => ok
      ${moves.join("\n")}
      c9 final read k => ok ${shown}
    `;
    expect(check(text('{"stock":100,"reserved":-99,"shipped":0}')).anomalies).toMatchObject([
      { type: "negative-amount" },
    ]);
    expect(check(text('{"stock":1,"reserved":12,"shipped":-12}')).anomalies).toHaveLength(2);
    expect(check(text('{"stock":0,"reserved":1,"shipped":0}'))).toMatchObject({
      verdict: "unknown",
      reason: "k: too many operations of unknown outcome to tell which amounts are possible",
    });
  });
});
