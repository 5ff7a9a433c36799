/** One call on a client, as data: `@3` in its arguments stands for the third id that the server drew. */
export interface RedisCall {
  /** The client that makes it: one of two. */
  readonly client: 0 | 1;
  readonly method: string;
  readonly args: readonly unknown[];
  /** Real and virtual milliseconds that pass after it: for keys that have to expire. */
  readonly thenMs?: number;
  /** May have to wait: its outcome is awaited after the calls of the other client that follow it. */
  readonly waits?: boolean;
}

/** What came of a call, in a form that both lanes share. */
export type CallOutcome = { readonly value: unknown } | { readonly error: string; readonly message: string };
