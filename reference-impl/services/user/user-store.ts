import type { Kysely } from "kysely";
import { type Answer, errorAnswer, jsonAnswer } from "../../patterns/answer.ts";
import { type SaveWithVersionCheck, versionedTable } from "../../patterns/versioned-repository.ts";
import type { ServiceClock } from "../../service-needs.ts";
import type { NewUser, ProfileChange } from "./user-input.ts";
import type { UserTables } from "./user-tables.ts";

/** Reads a profile. */
export async function findUser(database: Kysely<UserTables>, id: string): Promise<Answer> {
  const row = await database
    .selectFrom("users")
    .select(["id", "version", "email", "name", "created_at"])
    .where("id", "=", id)
    .executeTakeFirst();
  return row === undefined ? noSuchUser(id) : jsonAnswer(200, row);
}

/** Stores a user in its first version, unless the id is taken. */
export async function insertUser(
  transaction: Kysely<UserTables>,
  user: NewUser & { readonly id: string },
  clock: ServiceClock,
): Promise<Answer> {
  const row = {
    id: user.id,
    version: 1,
    email: user.email,
    name: user.name,
    created_at: new Date(clock.nowMs()).toISOString(),
  };
  const result = await transaction
    .insertInto("users")
    .values(row)
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirst();
  if (result.numInsertedOrUpdatedRows === 1n) return jsonAnswer(201, row);
  return errorAnswer(409, "already-exists", `There is a user ${user.id} already.`);
}

/** Stores the next version of a profile, if nobody else did since the caller read it. */
export async function updateUser(
  transaction: Kysely<UserTables>,
  id: string,
  change: ProfileChange,
  save: SaveWithVersionCheck,
  clock: ServiceClock,
): Promise<Answer> {
  const entity = { id, email: change.email, name: change.name };
  const outcome = await save(versionedTable(transaction, "users", clock), entity, change.expectedVersion);
  if (outcome.saved) return jsonAnswer(200, { ...entity, version: outcome.version });
  if (outcome.currentVersion === null) return noSuchUser(id);
  return errorAnswer(
    409,
    "conflict",
    `Version ${change.expectedVersion} was expected, version ${outcome.currentVersion} is stored.`,
  );
}

function noSuchUser(id: string): Answer {
  return errorAnswer(404, "not-found", `There is no user ${id}.`);
}
