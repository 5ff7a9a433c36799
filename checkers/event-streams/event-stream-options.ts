import type { FunctionNames } from "../history/function-roles.ts";

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
