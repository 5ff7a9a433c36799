import type { RandomStream } from "../../random/random-stream.ts";
import type { EvaluationContext } from "./evaluate.ts";
import type { Store } from "./store.ts";
import type { Transaction } from "./transaction.ts";
import type { QueuePlace, TupleQueue } from "./tuple-queue.ts";

/** What a statement waits for: the end of a transaction, its turn in a row's queue, or a moment. */
export type Wait =
  | { readonly kind: "transaction"; readonly transaction: Transaction }
  | { readonly kind: "turn"; readonly queue: TupleQueue; readonly place: QueuePlace }
  | { readonly kind: "pause" };

/** A part of a statement's work that can wait in the middle. */
export type Steps<Result> = Generator<Wait, Result, void>;

/** What the executor functions get: on whose behalf, on which data, at what time. */
export interface Execution {
  readonly backend: number;
  readonly transaction: Transaction;
  readonly store: Store;
  readonly random: RandomStream;
  readonly evaluation: EvaluationContext;
  /** Work for the end of the statement: foreign keys. */
  readonly afterwards: (() => Steps<void>)[];
  /** Somebody ahead left the queue in which the statement stands. */
  wakeInQueue(): void;
}
