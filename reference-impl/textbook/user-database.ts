import type { Kysely } from "kysely";

/** A row of the seed's `users`. */
export interface SeedUserRow {
  id: string;
  email: string;
  name: string;
  created_at: string;
}

/** The seed's one table. */
export interface SeedUserTables {
  users: SeedUserRow;
}

/** Creates the seed's table. */
export async function createSeedUserTable(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("users")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("email", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("created_at", "text", (column) => column.notNull())
    .execute();
}

/**
 * The seed's `UserDatabase` (section 1): one connection for all requests, and no commit. psycopg2 does
 * not commit by itself: it opens a transaction before the first statement, and that one stays open. A
 * failed statement aborts it (25P02 from then on), and a connection that broke is never replaced.
 */
export class UserDatabase {
  readonly #connection: Kysely<SeedUserTables>;

  private constructor(connection: Kysely<SeedUserTables>) {
    this.#connection = connection;
  }

  /** What the seed's constructor does; and the BEGIN that psycopg2 sends of its own accord. */
  static async connect(database: Kysely<SeedUserTables>): Promise<UserDatabase> {
    return new UserDatabase(await database.startTransaction().execute());
  }

  /** `create_user`. */
  async createUser(user: SeedUserRow): Promise<SeedUserRow> {
    return await this.#connection.insertInto("users").values(user).returningAll().executeTakeFirstOrThrow();
  }

  /** `get_user`. */
  async getUser(id: string): Promise<SeedUserRow | null> {
    const row = await this.#connection
      .selectFrom("users")
      .selectAll()
      .where("id", "=", id)
      .executeTakeFirst();
    return row ?? null;
  }

  /** `update_user`: sets what it is given, whatever was read or written meanwhile. */
  async updateUser(id: string, updates: Partial<SeedUserRow>): Promise<SeedUserRow | null> {
    const row = await this.#connection
      .updateTable("users")
      .set(updates)
      .where("id", "=", id)
      .returningAll()
      .executeTakeFirst();
    return row ?? null;
  }
}
