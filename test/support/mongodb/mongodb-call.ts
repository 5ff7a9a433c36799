/** One call on a collection, as data. `{ $oid: 3 }` stands for the third of a list of fixed ObjectIds. */
export interface MongodbCall {
  readonly method: string;
  readonly args: readonly unknown[];
}

/** What came of a call, in a form that both lanes share. */
export type MongodbOutcome =
  | { readonly value: unknown }
  | { readonly error: string; readonly code: unknown; readonly keys: unknown; readonly text: string };
