import type { BsonDocument } from "./bson-value.ts";

// What the `mongodb` driver throws: the same names, codes and fields.

/** The server refused the command: `code` is MongoDB's, such as 11000 for a duplicate key. */
export class MongoServerError extends Error {
  override readonly name: string = "MongoServerError";
  readonly code: number;
  declare readonly codeName?: string;
  /** The position in the batch of the write that failed. */
  declare readonly index?: number;
  /** Of the index whose key is taken, with code 11000. */
  declare readonly keyPattern?: BsonDocument;
  declare readonly keyValue?: BsonDocument;
  readonly errorResponse: Readonly<Record<string, unknown>>;

  constructor(response: ServerErrorResponse) {
    super(response.errmsg);
    this.code = response.code;
    if (response.codeName !== undefined) this.codeName = response.codeName;
    if (response.index !== undefined) this.index = response.index;
    if (response.keyPattern !== undefined) this.keyPattern = response.keyPattern;
    if (response.keyValue !== undefined) this.keyValue = response.keyValue;
    this.errorResponse = { ...response };
  }

  /** As the driver's: false for every label, since the model's server sets none. */
  hasErrorLabel(_label: string): boolean {
    return false;
  }
}

/** What a server answers to a command or write that it refuses. */
export interface ServerErrorResponse {
  readonly code: number;
  readonly errmsg: string;
  readonly codeName?: string;
  readonly index?: number;
  readonly keyPattern?: BsonDocument;
  readonly keyValue?: BsonDocument;
}

/** One write of a batch that failed. */
export interface BulkWriteFailure {
  readonly index: number;
  readonly code: number;
  readonly errmsg: string;
}

/** `insertMany` failed at one document; those before it are stored. */
export class MongoBulkWriteError extends MongoServerError {
  override readonly name: string = "MongoBulkWriteError";
  readonly writeErrors: readonly BulkWriteFailure[];
  readonly insertedCount: number;
  /** Ids of the documents that were stored, by position. */
  readonly insertedIds: Readonly<Record<number, unknown>>;
  readonly result: {
    readonly insertedCount: number;
    readonly insertedIds: Readonly<Record<number, unknown>>;
  };

  constructor(failure: BulkWriteFailure, insertedIds: Readonly<Record<number, unknown>>) {
    super({ code: failure.code, errmsg: failure.errmsg });
    this.writeErrors = [failure];
    this.insertedCount = failure.index;
    this.insertedIds = insertedIds;
    this.result = { insertedCount: failure.index, insertedIds };
  }
}

/** The connection broke: whether the command took effect is unknown. */
export class MongoNetworkError extends Error {
  override readonly name: string = "MongoNetworkError";

  /** As the driver's: false for every label. */
  hasErrorLabel(_label: string): boolean {
    return false;
  }
}

/** No answer in time: whether the command took effect is unknown. */
export class MongoNetworkTimeoutError extends MongoNetworkError {
  override readonly name: string = "MongoNetworkTimeoutError";
}

/** No server was found in time. Nothing was sent. */
export class MongoServerSelectionError extends Error {
  override readonly name: string = "MongoServerSelectionError";

  /** As the driver's: false for every label. */
  hasErrorLabel(_label: string): boolean {
    return false;
  }
}

/** All connections were in use for too long. Nothing was sent. */
export class MongoWaitQueueTimeoutError extends Error {
  override readonly name: string = "MongoWaitQueueTimeoutError";
}

/** The driver refuses the call. Nothing was sent. */
export class MongoInvalidArgumentError extends Error {
  override readonly name: string = "MongoInvalidArgumentError";
}

/** Used by the server: an error by code and text. */
export function serverError(code: number, codeName: string, errmsg: string): MongoServerError {
  return new MongoServerError({ code, codeName, errmsg });
}

/** A query that cannot be understood. */
export function badValue(errmsg: string): MongoServerError {
  return serverError(2, "BadValue", errmsg);
}
