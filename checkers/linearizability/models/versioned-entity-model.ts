import {
  ABSENT,
  type EntityFields,
  entityFields,
  MALFORMED,
  statedVersion,
  UNSTATED,
  versionShown,
} from "../../entity/versioned-entity.ts";
import { valueText } from "../../history/describe-operation.ts";
import { fieldOf, isSameJson } from "../../history/json-value.ts";
import type { Json } from "../../history/operation.ts";
import type { LinearizabilityModel, ModelCall } from "../linearizability-model.ts";

/** What is stored; null where there is nothing. */
type EntityState = {
  /** The version, where `isTold`; else it is higher than this. */
  readonly version: number;
  readonly isTold: boolean;
  /** There may also be nothing. */
  readonly mayBeAbsent?: true;
  /** The state; absent where nobody told. */
  readonly value?: Json;
} | null;

/** Nobody told: anything, or nothing. */
const anything: EntityState = { version: -1, isTold: false, mayBeAbsent: true };

/**
 * An entity with a version that rises with each change: `read` answers `{version, value}` or nothing, `create`
 * needs that there is nothing, `update` of `{expected, value}` and `delete` need that the expected version is
 * there, where they name one. A change may answer the version that it made. Fields have their own names
 * unless `fields` says others. `initial`: what a read would have shown at the start, null for nothing; anything
 * unless given.
 */
export function versionedEntityModel(
  fields: EntityFields | undefined,
  initial: Json | undefined,
): LinearizabilityModel<EntityState> {
  const names = entityFields(fields);
  const start = startOf(initial, names);
  const step = (state: EntityState, call: ModelCall): EntityState | undefined => {
    const next = call.f === "read" ? afterRead(state, call, names) : afterWrite(state, call, names);
    return next === undefined && !call.isAnswered ? state : next;
  };
  return {
    name: "versioned entity",
    functions: ["read", "create", "update", "delete"],
    reads: ["read"],
    init: () => start,
    step,
    describe: (state) => {
      if (state === null) return "absent";
      if (state === anything) return "anything or absent";
      const value = "value" in state ? valueText(state.value) : "some value";
      return `${value} at ${state.isTold ? "version" : "a version above"} ${state.version}`;
    },
    expected: ({ f, input, output, isAnswered }) => {
      if (f === "read") {
        const isBad = isAnswered && versionShown(output, names) === MALFORMED;
        return isBad ? `a whole number as ${names.version}` : null;
      }
      const isBad = [
        statedVersion(fieldOf(input, names.expected)),
        statedVersion(fieldOf(output, names.expected)),
        statedVersion(fieldOf(output, names.version)),
      ].includes(MALFORMED);
      return isBad ? `whole numbers as ${names.expected} and ${names.version}` : null;
    },
  };
}

function startOf(initial: Json | undefined, names: Required<EntityFields>): EntityState {
  if (initial === undefined) return anything;
  const version = versionShown(initial, names);
  if (version === ABSENT) return null;
  if (version === MALFORMED) {
    throw new RangeError(
      `the model versioned-entity begins with null, or with an object that has a whole number as ${names.version}`,
    );
  }
  const value = fieldOf(initial, names.value);
  return { version, isTold: true, ...(value === undefined ? {} : { value }) };
}

function afterRead(
  state: EntityState,
  { output, isAnswered }: ModelCall,
  names: Required<EntityFields>,
): EntityState | undefined {
  if (!isAnswered) return state;
  const version = versionShown(output, names);
  if (version === ABSENT) return mayBeAbsent(state) ? null : undefined;
  if (state === null) return undefined;
  if (!fits(state, version)) return undefined;
  const value = fieldOf(output, names.value);
  if (value !== undefined && "value" in state && !isSameJson(value, state.value)) return undefined;
  const told = value ?? state.value;
  return { version, isTold: true, ...(told === undefined ? {} : { value: told }) };
}

function afterWrite(
  state: EntityState,
  { f, input, output }: ModelCall,
  names: Required<EntityFields>,
): EntityState | undefined {
  const confirmed = fieldOf(output, names.expected);
  const expected = statedVersion(confirmed ?? fieldOf(input, names.expected));
  if (f === "create" ? !mayBeAbsent(state) : !isExpected(state, expected)) return undefined;
  if (f === "delete") return null;
  // The first version may be 0, unless 0 was expected and so stood for nothing.
  const floor = f === "create" ? -1 : Math.max(-1, leastVersion(state), expected);
  const version = statedVersion(fieldOf(output, names.version) ?? undefined);
  const isTold = version !== UNSTATED;
  const mayCreate = f === "create" || (expected <= 0 && mayBeAbsent(state));
  if (isTold && !mayCreate && version <= floor) return undefined;
  const value = fieldOf(output, names.value) ?? fieldOf(input, names.value);
  return { version: isTold ? version : floor, isTold, ...(value === undefined ? {} : { value }) };
}

function mayBeAbsent(state: EntityState): boolean {
  return state === null || state.mayBeAbsent === true;
}

/** The lowest version that it can have; −1 where there may be nothing. */
function leastVersion(state: EntityState): number {
  if (state === null || mayBeAbsent(state)) return -1;
  return state.isTold ? state.version : state.version + 1;
}

/** Can the version be this one? */
function fits(state: NonNullable<EntityState>, version: number): boolean {
  return state.isTold ? state.version === version : version > state.version;
}

/** Is what a change expects there? Without a word on it, anything is; 0 may stand for nothing. */
function isExpected(state: EntityState, expected: number): boolean {
  if (expected === UNSTATED) return true;
  if (mayBeAbsent(state) && (expected === ABSENT || expected === 0)) return true;
  return state !== null && expected !== ABSENT && fits(state, expected);
}
