import { AbortedTransactionError, type ControlledTransaction, type Kysely } from "kysely";
import { runStatement, type ScheduleTables } from "./run-statement.ts";
import type { Action } from "./schedule.ts";

/** One session of a schedule, on whichever store its Kysely is connected to. */
export class ScheduleSession {
  /** The action that has not finished yet. */
  busy = false;
  #transaction: ControlledTransaction<ScheduleTables> | null = null;
  #savepoint = false;
  readonly #database: Kysely<ScheduleTables>;

  constructor(database: Kysely<ScheduleTables>) {
    this.#database = database;
  }

  get inTransaction(): boolean {
    return this.#transaction !== null;
  }

  /** Whether the action makes sense in the session's state; one that does not is skipped. */
  accepts(action: Action): boolean {
    if (this.busy) return false;
    if (action.do === "begin") return this.#transaction === null;
    if (action.do === "rollback to savepoint") return this.#savepoint;
    return action.do === "statement" || this.#transaction !== null;
  }

  /** Performs the action; answers what the client saw as a text, errors by their code. */
  async perform(action: Action): Promise<string> {
    this.busy = true;
    try {
      return await this.#perform(action);
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (typeof code !== "string") throw error;
      return `error ${code}`;
    } finally {
      this.busy = false;
    }
  }

  async #perform(action: Action): Promise<string> {
    const transaction = this.#transaction;
    switch (action.do) {
      case "begin": {
        const builder = this.#database.startTransaction().setIsolationLevel(action.level);
        this.#transaction = await (action.readOnly === true
          ? builder.setAccessMode("read only")
          : builder
        ).execute();
        this.#savepoint = false;
        return "begin";
      }
      case "commit":
        return transaction === null ? "-" : this.#commit(transaction);
      case "rollback":
        this.#transaction = null;
        await transaction?.rollback().execute();
        return "rollback";
      case "savepoint":
        await transaction?.savepoint("sp").execute();
        this.#savepoint = true;
        return "savepoint";
      case "rollback to savepoint":
        // The type knows the names of savepoints only where they were made.
        await (transaction as ControlledTransaction<ScheduleTables, ["sp"]> | null)
          ?.rollbackToSavepoint("sp")
          .execute();
        return "rollback to savepoint";
      default:
        return await runStatement(transaction ?? this.#database, action.statement);
    }
  }

  async #commit(transaction: ControlledTransaction<ScheduleTables>): Promise<string> {
    this.#transaction = null;
    this.#savepoint = false;
    try {
      await transaction.commit().execute();
      return "commit";
    } catch (error) {
      await transaction.rollback().execute();
      if (error instanceof AbortedTransactionError) return "commit answered rollback";
      throw error;
    }
  }
}
