import { READ } from "../entity/key-kind.ts";
import type { EntityFields } from "../entity/versioned-entity.ts";
import { type History, OK } from "../history/history.ts";
import type { StalenessMeter } from "./staleness-meter.ts";

/** One key whose reads are to be judged. */
export interface StalenessTask {
  readonly history: History;
  /** Position in `history.keys`, or −1. */
  readonly key: number;
  /** Invocations on the key before `limit`, in history order. */
  readonly rows: Int32Array;
  readonly roles: Int8Array;
  readonly fields: Required<EntityFields>;
  /** By row of an answer on a versioned entity: see `versionColumn`. */
  readonly versions: Float64Array;
  /** Row of the first call that may have deleted the key; the length of the history where there is none. */
  readonly limit: number;
  readonly meter: StalenessMeter;
}

/** Is this the invocation of a read that returned before anybody can have deleted the key? */
export function isJudgedRead({ history, roles, limit }: StalenessTask, row: number): boolean {
  return isAnsweredRead(history, roles, row) && history.mate[row]! < limit;
}

/** Is this the invocation of a read that returned? */
export function isAnsweredRead(history: History, roles: Int8Array, row: number): boolean {
  const mate = history.mate[row]!;
  return roles[history.f[row]!] === READ && mate >= 0 && history.type[mate] === OK;
}
