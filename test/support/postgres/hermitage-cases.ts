import type { Action, Condition, Level, Schedule, StatementSpec, Step } from "./schedule.ts";

// The cases of Martin Kleppmann's Hermitage (https://github.com/ept/hermitage, postgres.md), on
// item (id, n) = (1, 10), (2, 20). `c` is a commit, `r` a rollback.

type Script = readonly (readonly [session: number, action: "c" | "r" | StatementSpec])[];

const read = (id: number): StatementSpec => ({ kind: "select", table: "item", where: [["id", "=", id]] });
const readWhere = (...where: Condition[]): StatementSpec => ({ kind: "select", table: "item", where });
const write = (id: number, n: number): StatementSpec => ({
  kind: "update",
  table: "item",
  set: { n },
  where: [["id", "=", id]],
});
const insert = (id: number, n: number): StatementSpec => ({
  kind: "insert",
  table: "item",
  rows: [{ id, code: id, n }],
});
const addToAll: StatementSpec = { kind: "update", table: "item", set: { n: { add: 10 } }, where: [] };
const removeWhere = (n: number): StatementSpec => ({ kind: "delete", table: "item", where: [["n", "=", n]] });
const removeOthers: StatementSpec = { kind: "delete", table: "item", where: [["n", "!=", 30]] };
const is = (n: number): Condition => ["n", "=", n];

const scripts: Readonly<Record<string, Script>> = {
  G0: [
    [0, write(1, 11)],
    [1, write(1, 12)],
    [0, write(2, 21)],
    [0, "c"],
    [1, write(2, 22)],
    [1, "c"],
  ],
  G1a: [
    [0, write(1, 101)],
    [1, readWhere()],
    [0, "r"],
    [1, readWhere()],
    [1, "c"],
  ],
  G1b: [
    [0, write(1, 101)],
    [1, readWhere()],
    [0, write(1, 11)],
    [0, "c"],
    [1, readWhere()],
    [1, "c"],
  ],
  G1c: [
    [0, write(1, 11)],
    [1, write(2, 22)],
    [0, read(2)],
    [1, read(1)],
    [0, "c"],
    [1, "c"],
  ],
  OTV: [
    ...([
      [0, write(1, 11)],
      [0, write(2, 19)],
      [1, write(1, 12)],
      [0, "c"],
      [2, readWhere()],
    ] as const),
    ...([
      [1, write(2, 18)],
      [2, readWhere()],
      [1, "c"],
      [2, readWhere()],
      [2, "c"],
    ] as const),
  ],
  "PMP read": [
    [0, readWhere(is(30))],
    [1, insert(3, 30)],
    [1, "c"],
    [0, readWhere(["n", "in", [30, 60]])],
    [0, "c"],
  ],
  "PMP write": [
    [0, addToAll],
    [1, readWhere(is(20))],
    [1, removeWhere(20)],
    [0, "c"],
    [1, readWhere()],
    [1, "c"],
  ],
  P4: [
    [0, read(1)],
    [1, read(1)],
    [0, write(1, 11)],
    [1, write(1, 11)],
    [0, "c"],
    [1, "c"],
  ],
  "G-single": [
    ...([
      [0, read(1)],
      [1, read(1)],
      [1, read(2)],
      [1, write(1, 12)],
      [1, write(2, 18)],
      [1, "c"],
    ] as const),
    ...([
      [0, read(2)],
      [0, "c"],
    ] as const),
  ],
  "G-single dependencies": [
    ...([
      [0, readWhere(["n", "in", [20, 40, 60]])],
      [1, write(1, 20)],
      [1, "c"],
    ] as const),
    ...([
      [0, readWhere(["n", "in", [30, 60]])],
      [0, "c"],
    ] as const),
  ],
  "G-single write 1": [
    ...([
      [0, read(1)],
      [1, readWhere()],
      [1, write(1, 12)],
      [1, write(2, 18)],
      [1, "c"],
    ] as const),
    ...([
      [0, removeWhere(20)],
      [0, "c"],
    ] as const),
  ],
  "G-single write 2": [
    ...([
      [0, read(1)],
      [1, readWhere()],
      [1, write(1, 12)],
      [0, removeWhere(20)],
      [1, write(2, 18)],
    ] as const),
    ...([
      [0, "r"],
      [1, "c"],
    ] as const),
  ],
  "G2-item": [
    ...([
      [0, readWhere(["id", "in", [1, 2]])],
      [1, readWhere(["id", "in", [1, 2]])],
    ] as const),
    ...([
      [0, write(1, 11)],
      [1, write(2, 21)],
      [0, "c"],
      [1, "c"],
    ] as const),
  ],
  G2: [
    ...([
      [0, readWhere(is(30))],
      [1, readWhere(is(30))],
      [0, insert(3, 30)],
      [1, insert(4, 30)],
    ] as const),
    ...([
      [0, "c"],
      [1, "c"],
    ] as const),
  ],
  "G2 two edges": [
    ...([
      [0, readWhere()],
      [1, { ...addToAll, where: [["id", "=", 2]] }],
      [1, "c"],
      [2, readWhere()],
    ] as const),
    ...([
      [2, "c"],
      [0, write(1, 0)],
      [0, "c"],
    ] as const),
  ],
  "delete of others": [
    [0, write(1, 30)],
    [1, removeOthers],
    [0, "c"],
    [1, readWhere()],
    [1, "c"],
  ],
};

/** The 16 cases at one isolation level. */
export function hermitageCases(level: Level): Schedule[] {
  return Object.entries(scripts).map(([name, script]) => {
    const sessions = Math.max(...script.map(([session]) => session)) + 1;
    const begins = Array.from(
      { length: sessions },
      (_, session): Step => ({ session, action: { do: "begin", level } }),
    );
    const steps = script.map(([session, action]): Step => ({ session, action: actionOf(action) }));
    const items = [
      { id: 1, code: 1, n: 10 },
      { id: 2, code: 2, n: 20 },
    ];
    return { name: `${name}, ${level}`, sessions, items, parts: [], steps: [...begins, ...steps] };
  });
}

function actionOf(action: Script[number][1]): Action {
  if (action === "c") return { do: "commit" };
  if (action === "r") return { do: "rollback" };
  return { do: "statement", statement: action };
}
