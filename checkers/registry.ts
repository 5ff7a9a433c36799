import { type ActivityOptions, activity } from "./activity/activity.checker.ts";
import { definiteAnswers } from "./answers/definite-answers.checker.ts";
import { availability } from "./availability/availability.checker.ts";
import { bank } from "./bank/bank.checker.ts";
import { cacheStaleness } from "./cache/cache-staleness.checker.ts";
import { outgoingCalls } from "./calls/outgoing-calls.checker.ts";
import type { Checker } from "./checker.ts";
import { settingValue } from "./checker-settings.ts";
import { balancedHoldings } from "./conservation/balanced-holdings.checker.ts";
import { conservation } from "./conservation/conservation.checker.ts";
import { counter } from "./counter/counter.checker.ts";
import { delivery } from "./delivery/delivery.checker.ts";
import { durability } from "./durability/durability.checker.ts";
import { eventStreams } from "./event-streams/event-streams.checker.ts";
import type { FunctionNames } from "./history/function-roles.ts";
import { linearizabilityFunctions } from "./linearizability/choose-judge.ts";
import { linearizability } from "./linearizability/linearizability.checker.ts";
import { lockSafety } from "./locks/lock-safety.checker.ts";
import { longFork } from "./long-fork/long-fork.checker.ts";
import { optimisticLock } from "./optimistic-lock/optimistic-lock.checker.ts";
import { type VersionKind, versionKinds } from "./optimistic-lock/version-reading.ts";
import { projection } from "./projection/projection.checker.ts";
import { sagaAtomicity } from "./saga/saga-atomicity.checker.ts";
import { monotonicReads } from "./session/monotonic-reads.checker.ts";
import { monotonicWrites } from "./session/monotonic-writes.checker.ts";
import { readYourWrites } from "./session/read-your-writes.checker.ts";
import { visibleDependencies } from "./session/visible-dependencies.checker.ts";
import { writesFollowReads } from "./session/writes-follow-reads.checker.ts";
import { setFull } from "./set/set-full.checker.ts";
import { boundedStaleness } from "./staleness/bounded-staleness.checker.ts";
import { isIsolationLevel, isolationLevelNames } from "./transactions/isolation-levels.ts";
import { listAppend } from "./transactions/list-append.checker.ts";
import { rwRegister } from "./transactions/rw-register.checker.ts";
import { causal } from "./weak-isolation/causal.checker.ts";
import { causalVariantNames, isCausalVariant } from "./weak-isolation/causal-variant.ts";
import { readAtomic } from "./weak-isolation/read-atomic.checker.ts";
import { readCommitted } from "./weak-isolation/read-committed.checker.ts";

/** What every checker in the registry can be told by name, such as on a command line. */
export interface CheckerMapping {
  /** A function of the checker, with the name or names that it has in the history. */
  readonly functions?: Readonly<Record<string, FunctionNames>>;
  /** A field of the checker, with the name that it has in the history. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Anomalies reported per type. */
  readonly maxAnomalies?: number;
  /** Name of the model that the checker holds the history against. */
  readonly model?: string;
  /** Name of the isolation level that transactions must have had. */
  readonly isolation?: string;
  /** Does a `cas` that was refused tell that another value was there? For `linearizability`. */
  readonly refusedCasTells?: boolean;
  /** Other options by name, each as a text: `{ recoverWithinMs: "2000" }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** What only some checkers can be told. */
export type SpecialOption = "model" | "isolation";

/** One checker that can be asked for by name. */
interface RegisteredChecker {
  /** Functions that a mapping may rename. */
  readonly functions: readonly string[];
  /** Fields that a mapping may rename. */
  readonly fields: readonly string[];
  readonly takes?: readonly SpecialOption[];
  /** Does it know an isolation level of that name? By default: those of transactions. */
  readonly knowsLevel?: (level: string) => boolean;
  readonly create: (mapping: CheckerMapping) => Checker;
}

const entityFields = ["version", "value", "expected"];
const entity = { functions: ["read", "create", "update", "delete"], fields: entityFields };
const state = { functions: [...entity.functions, "write", "cas", "add"], fields: entityFields };
const stock = {
  functions: ["read", "create", "reserve", "release", "ship", "restock"],
  fields: ["stock", "reserved", "shipped", "quantity"],
};
const cache = {
  functions: ["read", "create", "update", "write", "delete", "stored", "cached"],
  fields: ["version", "value"],
};
const lock = {
  functions: ["acquire", "release", "guardedWrite", "accepted"],
  fields: ["token", "ttlMs", "acquisition", "lock", "value", "order"],
};
const registers = { functions: ["txn", "read", "write", "cas"], fields: [] };
const streams = {
  functions: ["append", "read", "readAt", "event", "snapshot", "replayed", "compacted", "upcasted"],
  fields: ["version", "event", "events", "expected", "state", "at"],
};
const linearizable = { functions: linearizabilityFunctions, fields: entityFields };
const dependencies = { functions: ["read", "list", "delete"], fields: ["after", "key"] };

/** Written by hand: a checker is added here, in `index.ts` and in `docs/history-format.md`. */
const registered: ReadonlyMap<string, RegisteredChecker> = new Map<string, RegisteredChecker>([
  ["activity", { functions: [], fields: [], create: configuredActivity }],
  ["availability", { functions: [], fields: [], create: measuredAvailability }],
  ["balanced-holdings", { functions: ["holding", "due"], fields: [], create: balancedHoldings }],
  ["bank", { functions: ["read"], fields: [], takes: ["model"], create: bankByModel }],
  ["bounded-staleness", { ...state, create: boundedStaleness }],
  ["cache-staleness", { ...cache, create: cacheStaleness }],
  ["causal", { ...registers, takes: ["isolation"], knowsLevel: isCausalVariant, create: causal }],
  ["conservation", { ...stock, create: conservation }],
  ["counter", { functions: ["read", "add", "increment", "decrement"], fields: [], create: counter }],
  ["definite-answers", { functions: ["badRequest"], fields: [], create: definiteAnswers }],
  ["delivery", { functions: ["committed", "published", "handled", "parked"], fields: [], create: delivery }],
  ["durability", { ...state, create: durability }],
  ["event-streams", { ...streams, create: eventStreams }],
  ["linearizability", { ...linearizable, takes: ["model"], create: linearizability }],
  ["list-append", { functions: ["txn"], fields: [], takes: ["isolation"], create: listAppend }],
  ["lock-safety", { ...lock, create: lockSafety }],
  ["long-fork", { functions: ["txn", "read", "write"], fields: [], create: longFork }],
  ["monotonic-reads", { ...state, create: monotonicReads }],
  ["monotonic-writes", { ...state, create: monotonicWrites }],
  ["optimistic-lock", { ...entity, takes: ["model"], create: optimisticLockByModel }],
  ["outgoing-calls", { functions: [], fields: [], create: outgoingCalls }],
  ["projection", { functions: ["read", "list"], fields: [], create: projection }],
  ["read-atomic", { ...registers, create: readAtomic }],
  ["read-committed", { ...registers, create: readCommitted }],
  ["read-your-writes", { ...state, create: readYourWrites }],
  ["rw-register", { ...registers, takes: ["isolation"], create: rwRegister }],
  [
    "saga-atomicity",
    { functions: ["saga", "effect", "attempted", "seen"], fields: [], create: sagaAtomicity },
  ],
  ["set", { functions: ["add", "read"], fields: [], takes: ["model"], create: setByModel }],
  ["visible-dependencies", { ...dependencies, create: visibleDependencies }],
  ["writes-follow-reads", { ...state, create: writesFollowReads }],
]);

/** Without settings it measures only; the functions that count are not renamed but chosen, by the setting `functions`. */
function measuredAvailability({ functions, ...options }: CheckerMapping): Checker {
  return availability({ ...options, ...(Array.isArray(functions) ? { functions } : {}) });
}

/** All that it can be told are settings. */
function configuredActivity(mapping: CheckerMapping & ActivityOptions): Checker {
  return activity(mapping);
}

/** The model says what versions are. */
function optimisticLockByModel(mapping: CheckerMapping): Checker {
  refuseModel("optimistic-lock", mapping.model, versionKinds);
  return optimisticLock({
    ...mapping,
    versions: (mapping.model as VersionKind | undefined) ?? "consecutive",
  });
}

/** The model `overdraft` lets accounts be below zero. */
function bankByModel(mapping: CheckerMapping): Checker {
  refuseModel("bank", mapping.model, ["bank", "overdraft"]);
  return bank({ ...mapping, negativeBalances: mapping.model === "overdraft" });
}

/** The model `fresh` demands that every read shows everything that was known before. */
function setByModel(mapping: CheckerMapping): Checker {
  refuseModel("set", mapping.model, ["set", "fresh"]);
  return setFull({ ...mapping, fresh: mapping.model === "fresh" });
}

function refuseModel(checker: string, model: string | undefined, known: readonly string[]): void {
  if (model === undefined || known.includes(model)) return;
  throw new RangeError(`checker ${checker} has no model "${model}"; it has: ${known.join(", ")}`);
}

/** Names that {@link checkerByName} knows, in alphabetical order. */
export const checkerNames: readonly string[] = [...registered.keys()].sort();

/** Does the checker with that name take a model, or an isolation level? */
export function takesOption(name: string, option: SpecialOption): boolean {
  return registered.get(name)?.takes?.includes(option) ?? false;
}

/** Does the checker with that name take an isolation level, and know one of that name? */
export function takesLevel(name: string, level: string): boolean {
  const found = registered.get(name);
  if (found === undefined || !takesOption(name, "isolation")) return false;
  return (found.knowsLevel ?? isIsolationLevel)(level);
}

/** The names of the isolation levels that some checker takes. Most have other names, too. */
export const knownLevels: readonly string[] = [...causalVariantNames, ...isolationLevelNames];

/**
 * The checker with that name, reading the functions and fields that `mapping` names; undefined where
 * there is none. @throws RangeError where the mapping names a function, field, model or isolation level that it
 * does not read, or a setting that it does not have.
 */
export function checkerByName(name: string, mapping: CheckerMapping = {}): Checker | undefined {
  const found = registered.get(name);
  if (found === undefined) return undefined;
  refuseUnknown(name, "function", Object.keys(mapping.functions ?? {}), found.functions);
  refuseUnknown(name, "field", Object.keys(mapping.fields ?? {}), found.fields);
  for (const option of ["model", "isolation"] as const) {
    if (mapping[option] === undefined || takesOption(name, option)) continue;
    throw new RangeError(`checker ${name} takes no ${option}; those that do: ${takersOf(option).join(", ")}`);
  }
  const told = Object.entries(mapping.settings ?? {}).map(
    ([setting, text]) => [setting, settingValue(name, setting, text)] as const,
  );
  // The names and kinds of settings are those of the checker's options; it judges the values itself.
  return found.create({ ...mapping, ...Object.fromEntries(told) });
}

/** Names of the checkers that take a model, or an isolation level. */
export function takersOf(option: SpecialOption): readonly string[] {
  return checkerNames.filter((name) => takesOption(name, option));
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
