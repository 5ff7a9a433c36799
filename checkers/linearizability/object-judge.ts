import type { CheckBudget } from "../check-budget.ts";
import type { FunctionNames } from "../history/function-roles.ts";
import type { Unplaced } from "./first-unplaced.ts";
import type { JudgedObject } from "./judged-object.ts";
import type { PlacedOrder } from "./placed-order.ts";

/** What there is to say of the calls on one object. */
export type ObjectVerdict =
  | { readonly kind: "linearizable" }
  /** A call does not fit the model, in words. */
  | { readonly kind: "unreadable"; readonly reason: string }
  /** The budget ended; why and how far it got, in words. */
  | { readonly kind: "stopped"; readonly reason: string }
  | {
      readonly kind: "unplaced";
      readonly found: Unplaced;
      readonly proof: () => string;
      /** An order of what came before; null where none is written down. */
      readonly order: () => PlacedOrder | null;
    };

/** Holds the calls on one object against a model. */
export interface ObjectJudge {
  /** The names that each function of the model has in the history. */
  readonly names: readonly FunctionNames[];
  /** Is each key an object of its own? */
  readonly isKeyed: boolean;
  judge(object: JudgedObject, budget: CheckBudget | undefined): ObjectVerdict;
}
