import type { EntityFields } from "../entity/versioned-entity.ts";
import type { FunctionNames } from "../history/function-roles.ts";

/** How `cacheStaleness` reads a history, and what it asks for. */
export interface CacheStalenessOptions {
  /**
   * Names of the functions; `read`, `create`, `update`, `write` and `delete` unless given, and kinds of the
   * records, `stored` and `cached` unless given.
   */
  readonly functions?: {
    readonly read?: FunctionNames;
    readonly create?: FunctionNames;
    readonly update?: FunctionNames;
    readonly write?: FunctionNames;
    readonly delete?: FunctionNames;
    readonly stored?: FunctionNames;
    readonly cached?: FunctionNames;
  };
  /** Names of the fields; `version` and `value` unless given. */
  readonly fields?: Pick<EntityFields, "version" | "value">;
  /** Nodes that are caches, for reads under load; those that final `cached` records name unless given. */
  readonly caches?: readonly string[];
  /** How far a read from a cache may lag behind an acknowledged write, in milliseconds; measured only unless given. */
  readonly maxStalenessMs?: number;
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}
