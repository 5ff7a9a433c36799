import { StoreFailure } from "./store-failure.ts";

// The driver found no server, or no free connection: nothing was sent.
const neverSent: ReadonlySet<string> = new Set(["MongoServerSelectionError", "MongoWaitQueueTimeoutError"]);

/** The server's code of a duplicate key. */
const duplicateKeyCode = 11000;

/** Did the write fail because its key is taken? */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === duplicateKeyCode;
}

/**
 * One write to one document, which is atomic by itself: it happens as a whole or not at all. Rejects with a
 * `StoreFailure`: `not-done` where nothing was sent, `unknown` where no answer came. What the server itself
 * refused, a duplicate key above all, comes as it is.
 */
export async function writeDocument<Result>(write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof Error) || !error.name.startsWith("Mongo")) throw error;
    if (neverSent.has(error.name)) throw new StoreFailure("not-done", true, error);
    if (error.name.startsWith("MongoNetwork")) throw new StoreFailure("unknown", true, error);
    throw error;
  }
}

/** Reads documents. Whatever fails, nothing was done; it may be tried again. */
export async function readDocuments<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Error) || !error.name.startsWith("Mongo")) throw error;
    throw new StoreFailure("not-done", true, error);
  }
}
