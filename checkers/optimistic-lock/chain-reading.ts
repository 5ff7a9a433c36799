import type { EntityFields } from "../entity/versioned-entity.ts";
import type { VersionKind } from "./version-reading.ts";

/** How operations are to be read. */
export interface ChainReading {
  readonly fields: Required<EntityFields>;
  readonly conflictCodes: ReadonlySet<string>;
  /** The version of a creation whose acknowledgement names none. */
  readonly createdVersion: number;
  readonly kind: VersionKind;
  /** How a version is called in proofs. */
  readonly versionName: (version: number) => string;
}
