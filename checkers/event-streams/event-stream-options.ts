import type { FunctionNames } from "../history/function-roles.ts";
import type { Json } from "../history/operation.ts";

/** A newer form of events and states. The functions must be pure, and must not change what they are given. */
export interface UpcastOptions {
  /** The state before the first event, in the new form. */
  readonly init: Json;
  /** The state after an event, both in the new form. */
  readonly apply: (state: Json, event: Json) => Json;
  /** Brings a state into the new form; without it only states that `upcasted` records tell are compared. */
  readonly state?: (old: Json) => Json;
}

/** How `eventStreams` reads a history. */
export interface EventStreamOptions {
  /** Names of the functions and kinds of records, where they differ from the default (the field's own name). */
  readonly functions?: {
    readonly append?: FunctionNames;
    readonly read?: FunctionNames;
    /** `read-at` unless given. */
    readonly readAt?: FunctionNames;
    readonly event?: FunctionNames;
    readonly snapshot?: FunctionNames;
    readonly replayed?: FunctionNames;
    readonly compacted?: FunctionNames;
    readonly upcasted?: FunctionNames;
  };
  /** Names of the fields of values, where they differ from the default (the field's own name). */
  readonly fields?: {
    readonly version?: string;
    readonly event?: string;
    readonly events?: string;
    readonly expected?: string;
    readonly state?: string;
    readonly at?: string;
  };
  /** How events in a newer form are folded; without it `upcasted` records leave the verdict unknown. */
  readonly upcast?: UpcastOptions;
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}

/** Every field with its name. */
export type StreamFields = Required<NonNullable<EventStreamOptions["fields"]>>;

/** Roles of functions and kinds, in the order of {@link streamNames}. */
export const streamRoles = {
  append: 0,
  read: 1,
  readAt: 2,
  event: 3,
  snapshot: 4,
  replayed: 5,
  compacted: 6,
  upcasted: 7,
} as const;

/** The names of each role. */
export function streamNames({ functions = {} }: EventStreamOptions): readonly FunctionNames[] {
  return [
    functions.append ?? "append",
    functions.read ?? "read",
    functions.readAt ?? "read-at",
    functions.event ?? "event",
    functions.snapshot ?? "snapshot",
    functions.replayed ?? "replayed",
    functions.compacted ?? "compacted",
    functions.upcasted ?? "upcasted",
  ];
}

/** Every field with its name. */
export function streamFields({ fields = {} }: EventStreamOptions): StreamFields {
  return {
    version: fields.version ?? "version",
    event: fields.event ?? "event",
    events: fields.events ?? "events",
    expected: fields.expected ?? "expected",
    state: fields.state ?? "state",
    at: fields.at ?? "at",
  };
}
