import type { EntityFields } from "../entity/versioned-entity.ts";
import type { FunctionNames } from "../history/function-roles.ts";
import type { Json } from "../history/operation.ts";
import type { LinearizabilityModel } from "./linearizability-model.ts";

/** What the checker `linearizability` can be told. */
export interface LinearizabilityOptions {
  /** One of `linearizabilityModels`, `cas-register` unless given, or a model of your own. */
  readonly model?: string | LinearizabilityModel;
  /** The names that functions of the model have in the history, where they are others. */
  readonly functions?: Readonly<Record<string, FunctionNames>>;
  /** The names of the fields of a versioned entity, where they are others. */
  readonly fields?: EntityFields;
  /** What the object holds at the start, where it holds something. A model of your own has its own start. */
  readonly initial?: Json;
  /** Does a `cas` that failed, without an error, tell that another value was there? Not unless given. */
  readonly refusedCasTells?: boolean;
  /** May an account of the model `bank` be below zero? No, unless given. */
  readonly negativeBalances?: boolean;
  /** Anomalies reported; 10 unless given. */
  readonly maxAnomalies?: number;
}
