import { activity } from "./activity/activity.checker.ts";
import type { Checker } from "./checker.ts";
import { conservation } from "./conservation/conservation.checker.ts";
import { durability } from "./durability/durability.checker.ts";
import type { FunctionNames } from "./history/function-roles.ts";
import { optimisticLock } from "./optimistic-lock/optimistic-lock.checker.ts";
import { readYourWrites } from "./session/read-your-writes.checker.ts";

/** What every checker in the registry can be told by name, such as on a command line. */
export interface CheckerMapping {
  /** A function of the checker, with the name or names that it has in the history. */
  readonly functions?: Readonly<Record<string, FunctionNames>>;
  /** A field of the checker, with the name that it has in the history. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Anomalies reported per type. */
  readonly maxAnomalies?: number;
}

/** One checker that can be asked for by name. */
interface RegisteredChecker {
  /** Functions that a mapping may rename. */
  readonly functions: readonly string[];
  /** Fields that a mapping may rename. */
  readonly fields: readonly string[];
  readonly create: (mapping: CheckerMapping) => Checker;
}

const entityFields = ["version", "value", "expected"];
const entity = { functions: ["read", "create", "update", "delete"], fields: entityFields };
const state = { functions: [...entity.functions, "write", "cas", "add"], fields: entityFields };
const stock = {
  functions: ["read", "create", "reserve", "release", "ship", "restock"],
  fields: ["stock", "reserved", "shipped", "quantity"],
};

/** Written by hand: a checker is added here, in `index.ts` and in `docs/history-format.md`. */
const registered: ReadonlyMap<string, RegisteredChecker> = new Map([
  ["activity", { functions: [], fields: [], create: () => activity() }],
  ["conservation", { ...stock, create: conservation }],
  ["durability", { ...state, create: durability }],
  ["optimistic-lock", { ...entity, create: optimisticLock }],
  ["read-your-writes", { ...state, create: readYourWrites }],
]);

/** Names that {@link checkerByName} knows, in alphabetical order. */
export const checkerNames: readonly string[] = [...registered.keys()].sort();

/**
 * The checker with that name, reading the functions and fields that `mapping` names; undefined where
 * there is none. @throws RangeError where the mapping names a function or field that it does not read.
 */
export function checkerByName(name: string, mapping: CheckerMapping = {}): Checker | undefined {
  const found = registered.get(name);
  if (found === undefined) return undefined;
  refuseUnknown(name, "function", Object.keys(mapping.functions ?? {}), found.functions);
  refuseUnknown(name, "field", Object.keys(mapping.fields ?? {}), found.fields);
  return found.create(mapping);
}

function refuseUnknown(
  checker: string,
  kind: string,
  given: readonly string[],
  known: readonly string[],
): void {
  for (const name of given) {
    if (known.includes(name)) continue;
    const list = known.length === 0 ? "none" : known.join(", ");
    throw new RangeError(`checker ${checker} reads no ${kind} "${name}"; it reads: ${list}`);
  }
}
