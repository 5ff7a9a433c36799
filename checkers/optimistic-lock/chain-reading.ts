import type { EntityFields } from "../entity/versioned-entity.ts";
import type { VersionKind } from "./version-reading.ts";

/** How operations are to be read. */
export interface ChainReading {
  readonly fields: Required<EntityFields>;
  readonly conflictCodes: ReadonlySet<string>;
  /** The version of a creation whose acknowledgement names none; null: 0 where 0 is seen as a version, else 1. */
  readonly createdVersion: number | null;
  readonly kind: VersionKind;
  /** How a version is called in proofs. */
  readonly versionName: (version: number) => string;
}
