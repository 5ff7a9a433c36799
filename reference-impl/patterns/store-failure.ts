/**
 * What is certain after a transaction failed: `not-done` (it had no effect and never will), or
 * `unknown` (COMMIT was sent and its answer did not come: it may have an effect, now or later).
 */
export type StoreFailureKind = "not-done" | "unknown";

/** A transaction failed for a reason that lies with the store or the way to it. */
export class StoreFailure extends Error {
  override readonly name = "StoreFailure";
  readonly kind: StoreFailureKind;
  /** Is it worth trying again? Not for an error that would only repeat itself. */
  readonly retryable: boolean;
  /** Was every connection taken, in the service's pool or at the server? Then nothing was sent at all. */
  readonly noFreeConnection: boolean;

  constructor(kind: StoreFailureKind, retryable: boolean, cause: unknown) {
    super(
      `the transaction ${kind === "unknown" ? "may have happened" : "did not happen"}: ${wordsOf(cause)}`,
      {
        cause,
      },
    );
    this.kind = kind;
    this.retryable = retryable;
    this.noFreeConnection = kind === "not-done" && lacksConnection(cause);
  }
}

/** Thrown by the work of a transaction to have it rolled back. Nothing is wrong with the store. */
export class Rollback extends Error {
  override readonly name: string = "Rollback";
}

// A class of five letters and digits; Node's own codes (`EPIPE`) look alike but start with an E, as no class does.
const sqlStateForm = /^(?!E)[0-9A-Z]{5}$/;

// The connection went away (08…), or the server is going down or coming up (57P01 to 57P03).
const connectionStates = /^(08...|57P0[123])$/;

// The work collided with another transaction or with a limit, and may succeed when it is done anew:
// serialization failure, deadlock, lock timeout, cancelled statement, too many connections.
const passingStates: ReadonlySet<string> = new Set(["40001", "40P01", "55P03", "57014", "53300"]);

/** The SQLSTATE of a server that takes no more connections. */
const tooManyConnections = "53300";

/** What node-postgres' pool says to who waited in vain until one of its connections was free; it has no code. */
const poolWaitEnded = "timeout exceeded when trying to connect";

/** What the MongoDB driver calls the same. */
const mongoWaitEnded = "MongoWaitQueueTimeoutError";

function lacksConnection(cause: unknown): boolean {
  if (cause instanceof StoreFailure) return cause.noFreeConnection;
  if (!(cause instanceof Error)) return false;
  return (
    sqlState(cause) === tooManyConnections || cause.message === poolWaitEnded || cause.name === mongoWaitEnded
  );
}

/** The SQLSTATE that the server gave, or null when the error is not the server's. */
export function sqlState(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  const { code } = error;
  return typeof code === "string" && sqlStateForm.test(code) ? code : null;
}

/**
 * Sorts an error of the database client; what is none of its errors comes back as it is. `commitSent`
 * decides what a lost connection means: before COMMIT was sent the server can only roll back; after it
 * nobody knows without looking.
 */
export function classifyStoreError(error: unknown, commitSent: boolean): unknown {
  if (error instanceof StoreFailure || error instanceof Rollback || isMistake(error)) return error;
  // PostgreSQL answered ROLLBACK to a COMMIT: an earlier statement had failed.
  if (error instanceof Error && error.name === "AbortedTransactionError") {
    return new StoreFailure("not-done", true, error);
  }
  const state = sqlState(error);
  if (state === null || connectionStates.test(state)) {
    return new StoreFailure(commitSent ? "unknown" : "not-done", true, error);
  }
  return new StoreFailure("not-done", passingStates.has(state), error);
}

/** A mistake in the service itself is no trouble with the store: it must not be retried or renamed. */
function isMistake(error: unknown): boolean {
  return error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
