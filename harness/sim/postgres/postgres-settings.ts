import type { IsolationLevel } from "./transaction.ts";

/**
 * Server settings, named after PostgreSQL's
 * (https://www.postgresql.org/docs/18/runtime-config-client.html). A timeout of 0 is off.
 */
export interface PostgresSettings {
  /** How long a wait for a lock lasts before the waiter looks for a deadlock. */
  readonly deadlockTimeoutMs: number;
  readonly defaultIsolationLevel: IsolationLevel;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly idleInTransactionTimeoutMs: number;
  /** The longest time from the end of a transaction to the moment when a waiter has noticed. */
  readonly wakeUpMsMax: number;
  /** The longest time from an error's answer to the moment when its locks are free. */
  readonly releaseLagMsMax: number;
  /** What the server's clock shows at virtual time zero, in milliseconds since 1970. */
  readonly epochMs: number;
}

/** PostgreSQL's own defaults; the clock starts on 1 January 2026. */
export const defaultPostgresSettings: PostgresSettings = {
  deadlockTimeoutMs: 1000,
  defaultIsolationLevel: "read committed",
  statementTimeoutMs: 0,
  lockTimeoutMs: 0,
  idleInTransactionTimeoutMs: 0,
  wakeUpMsMax: 0.1,
  releaseLagMsMax: 0.1,
  epochMs: 1_767_225_600_000,
};
