import type { Json, OperationError } from "../../checkers/history/operation.ts";

/** What a client calls: one line of type `invoke`. */
export interface Invocation {
  readonly f: string;
  readonly key?: string;
  readonly value?: Json;
  /** The service that is called. */
  readonly node: string;
}

/** How a call ended: `ok` happened, `fail` certainly did not, `info` may have, now or later. */
export type Outcome =
  | { readonly type: "ok"; readonly value?: Json }
  | { readonly type: "fail"; readonly error: OperationError; readonly value?: Json }
  | { readonly type: "info"; readonly error: OperationError; readonly value?: Json };
