import type { FunctionNames } from "../history/function-roles.ts";
import type { History } from "../history/history.ts";
import { fieldOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";

/** Names of the functions on a versioned entity, where they differ from the default (the field's own name). */
export interface EntityFunctions {
  readonly read?: FunctionNames;
  readonly create?: FunctionNames;
  readonly update?: FunctionNames;
  readonly delete?: FunctionNames;
}

/** Names of the fields of an operation's value, where they differ from the default (the field's own name). */
export interface EntityFields {
  /** The version that was read or written. */
  readonly version?: string;
  /** The state that was read or written. */
  readonly value?: string;
  /** The version that an update was based on. */
  readonly expected?: string;
}

/** Instead of a version: there is no such entity. */
export const ABSENT = -1;
/** Instead of a version: the operation does not say. */
export const UNSTATED = -2;
/** Instead of a version: there is something, but no version. */
export const MALFORMED = -3;

/** Every field with its name. */
export function entityFields(fields: EntityFields | undefined): Required<EntityFields> {
  return {
    version: fields?.version ?? "version",
    value: fields?.value ?? "value",
    expected: fields?.expected ?? "expected",
  };
}

/**
 * The version that a read returned, {@link ABSENT} or {@link MALFORMED}. Not found is told by no value at
 * all, by null, by a version of null, and by version 0 without a value.
 */
export function versionShown(shown: Json | undefined, fields: Required<EntityFields>): number {
  if (shown === undefined || shown === null) return ABSENT;
  const version = fieldOf(shown, fields.version);
  if (version !== null && !isVersion(version)) return MALFORMED;
  if (version !== null && version !== 0) return version;
  const value = fieldOf(shown, fields.value);
  if (value === undefined || value === null) return ABSENT;
  return version ?? MALFORMED;
}

/**
 * The version that an update was based on, 0 for 0 (which may mean "not there yet"), {@link ABSENT} for
 * null, {@link UNSTATED} or {@link MALFORMED}. The completion's word goes before the invocation's.
 */
export function versionExpected(
  history: History,
  invocation: number,
  fields: Required<EntityFields>,
): number {
  const mate = history.mate[invocation]!;
  const confirmed = mate < 0 ? undefined : fieldOf(history.value[mate], fields.expected);
  return statedVersion(
    confirmed === undefined ? fieldOf(history.value[invocation], fields.expected) : confirmed,
  );
}

/** A version as a field of a call says it: {@link UNSTATED} where there is none, {@link ABSENT} for null, {@link MALFORMED}. */
export function statedVersion(version: Json | undefined): number {
  if (version === undefined) return UNSTATED;
  if (version === null) return ABSENT;
  return isVersion(version) ? version : MALFORMED;
}

/** The version that an acknowledgement names, {@link UNSTATED} or {@link MALFORMED}. */
export function versionAcknowledged(
  history: History,
  completion: number,
  fields: Required<EntityFields>,
): number {
  const version = fieldOf(history.value[completion], fields.version);
  if (version === undefined || version === null) return UNSTATED;
  return isVersion(version) ? version : MALFORMED;
}

/** The state that a write stores: what its acknowledgement says, else what was asked for; else undefined. */
export function valueWritten(
  history: History,
  invocation: number,
  fields: Required<EntityFields>,
): Json | undefined {
  const mate = history.mate[invocation]!;
  const confirmed = mate < 0 ? undefined : fieldOf(history.value[mate], fields.value);
  return confirmed === undefined ? fieldOf(history.value[invocation], fields.value) : confirmed;
}

function isVersion(version: Json | undefined): version is number {
  return typeof version === "number" && Number.isSafeInteger(version) && version >= 0;
}
