import type { Kysely } from "kysely";
import type { UserRow, UserTables } from "../services/user/user-tables.ts";

/** The seed's `ConcurrencyError`. */
export class ConcurrencyError extends Error {
  override readonly name = "ConcurrencyError";

  constructor(expectedVersion: number, currentVersion: number) {
    super(`Expected version ${expectedVersion}, but current version is ${currentVersion}`);
  }
}

/**
 * Challenge 1 of the seed leaves `save_with_version_check` open. The only version check that the seed
 * writes out is `EventStore.append_events`: look up the current version, compare it in memory, write.
 * In the seed's single-threaded lists nothing comes between; here each step is a statement of its own.
 */
export class VersionedUserStore {
  readonly #database: Kysely<UserTables>;

  constructor(database: Kysely<UserTables>) {
    this.#database = database;
  }

  async createUser(user: UserRow): Promise<UserRow> {
    return await this.#database.insertInto("users").values(user).returningAll().executeTakeFirstOrThrow();
  }

  async getUser(id: string): Promise<UserRow | null> {
    const row = await this.#database.selectFrom("users").selectAll().where("id", "=", id).executeTakeFirst();
    return row ?? null;
  }

  /** The shape of `append_events`. Throws {@link ConcurrencyError}. */
  async saveWithVersionCheck(
    user: { readonly id: string; readonly email: string; readonly name: string },
    expectedVersion: number,
  ): Promise<number> {
    const current = await this.#currentVersion(user.id);
    if (current !== expectedVersion) throw new ConcurrencyError(expectedVersion, current);
    const version = expectedVersion + 1;
    await this.#database
      .updateTable("users")
      .set({ ...user, version })
      .where("id", "=", user.id)
      .execute();
    return version;
  }

  /** `get_current_version`: 0 where there is nothing. */
  async #currentVersion(id: string): Promise<number> {
    const row = await this.#database
      .selectFrom("users")
      .select("version")
      .where("id", "=", id)
      .executeTakeFirst();
    return row?.version ?? 0;
  }
}
