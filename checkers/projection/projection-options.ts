import type { FunctionNames } from "../history/function-roles.ts";
import type { Json } from "../history/operation.ts";
import type { ProjectionFold } from "./folded-events.ts";

/** How `projection` reads a history, and what it asks for. */
export interface ProjectionOptions {
  /** Names of the functions; `read` and `list` unless given. */
  readonly functions?: { readonly read?: FunctionNames; readonly list?: FunctionNames };
  /** May no read of an entity show an older state than a read of any session before? False unless given. */
  readonly acrossSessions?: boolean;
  /**
   * Does an entity in this state belong into the list of that name? Must be pure. Unless given, lists are
   * looked at for entities that they show twice only.
   */
  readonly memberOf?: (list: string, entity: string, state: Json) => boolean;
  /**
   * How events that do not say the whole state (`put`) change it, such as `{"position":4,"amount":-3}`. A state that an
   * event says itself goes before it.
   */
  readonly fold?: ProjectionFold;
  /**
   * Below 0 where the first entity must stand before the second in lists, by their names. Must be pure. Unless
   * given, any order is right.
   */
  readonly listOrder?: (first: string, second: string) => number;
  /**
   * How many entities the list of that name shows at most; null: all. With `listOrder` and `memberOf` those must be
   * the first ones. Must be pure. Unless given, lists show all.
   */
  readonly limitOf?: (list: string) => number | null;
  /** Longest time from an event until its effect is seen, in milliseconds; measured only unless given. */
  readonly maxLagMs?: number;
  /**
   * Longest time without any fault in which an event may wait for its effect, in milliseconds: what may be left of a
   * lag where nothing disturbs; measured only unless given.
   */
  readonly maxUndisturbedLagMs?: number;
  /** Most events that a projection may be behind the log; measured only unless given. */
  readonly maxLagEvents?: number;
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}
