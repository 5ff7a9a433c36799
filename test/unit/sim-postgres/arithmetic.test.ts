import { sql } from "kysely";
import { expect, test } from "vitest";
import { SimWorld } from "../../support/postgres/sim-world.ts";

/** What PostgreSQL answers; division of whole numbers goes towards zero, and so does its remainder. */
const answers: readonly (readonly [string, string | number])[] = [
  ["7 + 2", 9],
  ["7 - 9", -2],
  ["7 * 3", 21],
  ["-7 / 2", -3],
  ["-7 % 2", -1],
  ["7::bigint + 2", "9"],
  ["7::bigint - 9", "-2"],
  ["3000000000 * 3", "9000000000"],
  ["9007199254740993 - 1", "9007199254740992"],
  ["-9007199254740993 / 2", "-4503599627370496"],
  ["-7::bigint % 2", "-1"],
];

test.each(answers)("%s is %s", async (expression, expected) => {
  const world = new SimWorld(1);
  await world.setUp();
  const { db } = world.process("service");
  const query = db.selectFrom("account").select(sql.raw(expression).as("result"));
  const [row] = await world.finish(query.execute());
  expect(row?.result).toBe(expected);
});
