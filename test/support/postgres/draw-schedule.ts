import { type RandomStream, randomStream } from "../../../harness/random/random-stream.ts";
import type { Action, Change, Condition, Level, Schedule, StatementSpec, Step } from "./schedule.ts";

/** Draws a random schedule: two or three sessions, few rows, two unique keys, every kind of statement. */
export function drawSchedule(seed: number, level: Level | "mixed"): Schedule {
  const random = randomStream(seed, `schedule ${level}`);
  const sessions = random.integer(2, 3);
  const withParts = random.integer(0, 3) === 0;
  const length = random.integer(7, 15);
  const steps: Step[] = [];
  const open = new Set<number>();
  for (let at = 0; at < length; at++) {
    const session = at < sessions ? at : random.integer(0, sessions - 1);
    const action = drawAction(random, open.has(session), level, withParts);
    if (action.do === "begin") open.add(session);
    if (action.do === "commit" || action.do === "rollback") open.delete(session);
    steps.push({ session, action });
  }
  return {
    name: `${level} seed ${seed}`,
    sessions,
    items: [1, 2, 3].map((id) => ({ id, code: id * 10, n: random.integer(0, 2) })),
    parts: withParts ? [{ id: 1, item_id: 1 }] : [],
    steps,
  };
}

function drawAction(random: RandomStream, open: boolean, level: Level | "mixed", withParts: boolean): Action {
  const choice = random.integer(0, 99);
  if (!open) {
    if (choice < 75) return drawBegin(random, level);
    return { do: "statement", statement: drawStatement(random, withParts) };
  }
  if (choice < 10) return { do: "commit" };
  if (choice < 13) return { do: "rollback" };
  if (choice < 15) return { do: "savepoint" };
  if (choice < 17) return { do: "rollback to savepoint" };
  return { do: "statement", statement: drawStatement(random, withParts) };
}

const levels: readonly Level[] = ["read committed", "repeatable read", "serializable"];

function drawBegin(random: RandomStream, level: Level | "mixed"): Action {
  const chosen = level === "mixed" ? (levels[random.integer(0, 1)] as Level) : level;
  const readOnly = chosen === "serializable" && random.integer(0, 9) === 0;
  return readOnly ? { do: "begin", level: chosen, readOnly } : { do: "begin", level: chosen };
}

/** Draws a statement of a schedule: of any kind, often one that fails. */
export function drawStatement(random: RandomStream, withParts: boolean): StatementSpec {
  if (withParts && random.integer(0, 3) === 0) return drawPartStatement(random);
  const choice = random.integer(0, 99);
  if (choice < 16) return drawSelect(random);
  if (choice < 34) return drawLockingSelect(random);
  if (choice < 66) return { kind: "update", table: "item", set: drawSet(random), where: drawWhere(random) };
  if (choice < 77) return { kind: "delete", table: "item", where: drawWhere(random) };
  return drawInsert(random);
}

function drawPartStatement(random: RandomStream): StatementSpec {
  const id = random.integer(1, 3);
  const item = random.integer(1, 4);
  const choice = random.integer(0, 3);
  if (choice < 2) return { kind: "insert", table: "part", rows: [{ id, item_id: item, n: 0 }] };
  if (choice === 2)
    return { kind: "update", table: "part", set: { item_id: item }, where: [["id", "=", id]] };
  return { kind: "delete", table: "part", where: [["id", "=", id]] };
}

/** Draws a select without locks. */
export function drawSelect(random: RandomStream): StatementSpec {
  const total = random.integer(0, 4) === 0;
  return { kind: "select", table: "item", where: drawWhere(random), ...(total ? { total } : {}) };
}

function drawLockingSelect(random: RandomStream): StatementSpec {
  const lock = (["update", "update", "no key update", "share", "key share"] as const)[random.integer(0, 4)];
  const policy = ([undefined, undefined, "skip", "nowait"] as const)[random.integer(0, 3)];
  const ordered = random.integer(0, 2) === 0;
  return {
    kind: "select",
    table: "item",
    where: drawWhere(random),
    ...(lock === undefined ? {} : { lock }),
    ...(policy === undefined ? {} : { policy }),
    ...(ordered ? { orderBy: "id", limit: random.integer(1, 2) } : {}),
  };
}

function drawWhere(random: RandomStream): Condition[] {
  const choice = random.integer(0, 9);
  const id = random.integer(1, 4);
  if (choice < 4) return [["id", "=", id]];
  if (choice < 6) return [["code", "=", id * 10]];
  if (choice === 6) return [["n", ">=", random.integer(0, 2)]];
  if (choice === 7) return [["id", "in", [random.integer(1, 2), random.integer(3, 4)]]];
  if (choice === 8)
    return [
      ["id", "=", id],
      ["n", "<", 2],
    ];
  return [];
}

function drawSet(random: RandomStream): Record<string, Change> {
  const choice = random.integer(0, 9);
  if (choice < 6) return { n: { add: random.integer(-1, 2) } };
  if (choice < 8) return { n: random.integer(0, 3) };
  if (choice === 8) return { code: random.integer(1, 5) * 10 };
  return { id: random.integer(1, 4) };
}

function drawInsert(random: RandomStream): StatementSpec {
  const row = (): Record<string, number> => ({
    id: random.integer(1, 6),
    code: random.integer(1, 6) * 10,
    n: random.integer(0, 2),
  });
  const rows = random.integer(0, 5) === 0 ? [row(), row()] : [row()];
  const target = (["id", "code", null] as const)[random.integer(0, 2)] ?? null;
  const choice = random.integer(0, 9);
  if (choice < 3) return { kind: "insert", table: "item", rows };
  if (choice < 6 || target === null) return { kind: "insert", table: "item", rows, conflict: { target } };
  const set = random.integer(0, 1) === 0 ? { n: { add: 1 } } : { n: "excluded" as const };
  const where: Condition = ["n", "<", 2];
  return {
    kind: "insert",
    table: "item",
    rows,
    conflict: random.integer(0, 3) === 0 ? { target, set, where } : { target, set },
  };
}
