import type { AnomalyList } from "../anomaly-list.ts";
import type { EntityFields } from "../entity/versioned-entity.ts";
import type { History } from "../history/history.ts";
import type { SessionGuarantee } from "./session-guarantee.ts";

/** One key to be judged. */
export interface SessionTask {
  readonly guarantee: SessionGuarantee;
  readonly history: History;
  /** Position in `history.keys`, or −1. */
  readonly key: number;
  /** Invocations on the key, in history order. */
  readonly rows: Int32Array;
  readonly roles: Int8Array;
  readonly fields: Required<EntityFields>;
  readonly anomalies: AnomalyList;
}

/** What was looked at on one key. */
export interface SessionFindings {
  /** Calls that were compared with an earlier one of their session. */
  compared: number;
  /** Why the key cannot be decided; null where it can. */
  unclear: string | null;
}
