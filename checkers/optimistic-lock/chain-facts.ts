import { type EntityFields, valueWritten } from "../entity/versioned-entity.ts";
import { type History, INFO } from "../history/history.ts";
import { fieldOf, isSameJson } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import type { VersionKind } from "./version-reading.ts";

/** One state of an entity on its chain. */
export interface ChainLink {
  /** {@link ABSENT} for "not there yet". */
  readonly version: number;
  /** Invocation of the write that led to this state; −1 for the state at the start of the history. */
  readonly writer: number;
  /** Earliest completion that shows this state: a read or an acknowledgement; −1 where none does. */
  readonly seen: number;
}

/** What the history says of one version of one entity. Rows; −1 where there is none. */
export interface VersionFacts extends ChainLink {
  writer: number;
  seen: number;
  /** Invocation of the first write that was acknowledged with this version. */
  ack: number;
  /** Invocations of further writes that were acknowledged with this version. */
  otherAcks: number[];
  /** Invocation of the first acknowledged update that was based on this version. */
  winner: number;
  /** Completions of reads of this version with a value: the first, the first that differs, the last. */
  firstRead: number;
  differingRead: number;
  lastRead: number;
  /** Completion of the first read of this version, with or without a value. */
  anyRead: number;
  /** Value of the first read with a value, and of the first acknowledgement; undefined where not known. */
  readValue: Json | undefined;
  ackValue: Json | undefined;
  /** Is there more than one value or more than one writer? */
  isDoubtful: boolean;
}

/** What the history says of one entity. Lists hold invocations in history order. */
export interface ChainFacts {
  /** The version that was looked up last: mostly it is the next to be looked up. */
  latest: VersionFacts | null;
  /** Completions that say something. */
  examined: number;
  writes: number;
  readonly versions: Map<number, VersionFacts>;
  readonly history: History;
  readonly fields: Required<EntityFields>;
  /** Position in `history.keys`, or −1. */
  readonly key: number;
  /** Versions with more than one value or more than one acknowledged writer. */
  readonly doubtful: VersionFacts[];
  /** Earliest completion that shows that the entity was not there at first; −1. */
  absent: number;
  /** Acknowledged creations. */
  readonly creates: number[];
  /** Creations of unknown outcome. */
  readonly unknownCreates: number[];
  readonly refusedCreates: number[];
  /** By the version that it would write: updates of unknown outcome. */
  readonly unknownUpdates: Map<number, number[]>;
  /** By the version that it would have written: updates that certainly did not happen. */
  readonly refusedUpdates: Map<number, number[]>;
  /** By the version that was expected, {@link ABSENT} for creations: writes refused with a conflict. */
  readonly conflicts: Map<number, number[]>;
  /** Pairs of acknowledged writes that were based on the same version. */
  readonly rivals: { readonly expected: number; readonly first: number; readonly second: number }[];
  /** Acknowledged updates whose version does not follow the version they were based on. */
  readonly jumps: { readonly expected: number; readonly version: number; readonly write: number }[];
  /** Writes, not refused, that do not say which version they expected. */
  readonly unstated: number[];
  /** Acknowledged updates; collected only where versions are not consecutive. */
  readonly updates: { readonly expected: number; readonly write: number }[];
  /** The version of a creation whose acknowledgement names none. */
  readonly createdVersion: number;
  /** Is there an acknowledged write that tells no version? Looked at only where versions have no order. */
  hasUntold: boolean;
  readonly kind: VersionKind;
  /** How a version is called in proofs. */
  readonly versionName: (version: number) => string;
  /** A row that cannot be understood, with what is wrong; then the entity is not decided. */
  unclear: { readonly row: number; readonly what: string } | null;
}

/** How an invocation ended; one that never ended is as unknown as an `info`. */
export function outcomeOf(history: History, invocation: number): number {
  const mate = history.mate[invocation]!;
  return mate < 0 ? INFO : history.type[mate]!;
}

/** Could this write have stored what a read shows? A value that is not known could be any. */
export function couldStore(facts: ChainFacts, write: number, read: number): boolean {
  if (read < 0) return true;
  const { history, fields } = facts;
  const shown = fieldOf(history.value[read], fields.value);
  const written = valueWritten(history, write, fields);
  return shown === undefined || written === undefined || isSameJson(shown, written);
}
