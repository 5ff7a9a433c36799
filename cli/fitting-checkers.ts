import { isMicroOperations } from "../checkers/formats/micro-operations.ts";
import { type History, OK, RECORD } from "../checkers/history/history.ts";
import { fieldOf } from "../checkers/history/json-value.ts";
import { checkerNames } from "../checkers/index.ts";

/** A checker, as it would be named on the command line, and what a history must have for it. */
interface Fit {
  readonly name: string;
  readonly model?: string;
  readonly fits: (traits: Traits) => boolean;
}

/** What can be seen of a history at a glance. */
interface Traits {
  readonly functions: ReadonlySet<string>;
  readonly records: ReadonlySet<string>;
  readonly appends: boolean;
  readonly writes: boolean;
  readonly isTransactional: boolean;
  readonly showsLists: boolean;
  readonly showsVersions: boolean;
}

const has =
  (...names: readonly string[]): Fit["fits"] =>
  (traits) =>
    names.every((name) => traits.functions.has(name));
const isRegister: Fit["fits"] = (traits) =>
  traits.functions.has("read") && traits.functions.has("write") && !traits.isTransactional;
const hasVersions: Fit["fits"] = (traits) => traits.functions.has("update") && traits.showsVersions;
const hasRecord =
  (name: string): Fit["fits"] =>
  (traits) =>
    traits.records.has(name);
const writesRegisters: Fit["fits"] = (traits) => traits.writes && !traits.appends;

const fits: readonly Fit[] = [
  { name: "list-append", fits: (traits) => traits.appends },
  { name: "rw-register", fits: writesRegisters },
  { name: "long-fork", fits: writesRegisters },
  { name: "causal", fits: writesRegisters },
  { name: "read-atomic", fits: writesRegisters },
  { name: "read-committed", fits: writesRegisters },
  { name: "linearizability", model: "cas-register", fits: isRegister },
  { name: "linearizability", model: "kv", fits: has("get", "append") },
  { name: "linearizability", model: "queue", fits: has("enqueue", "dequeue") },
  {
    name: "linearizability",
    model: "mutex",
    fits: (traits) => has("acquire", "release")(traits) && !has("guarded-write")(traits),
  },
  { name: "set", fits: (traits) => traits.functions.has("add") && traits.showsLists },
  { name: "counter", fits: (traits) => traits.functions.has("add") && !traits.showsLists },
  { name: "bank", fits: (traits) => traits.functions.has("transfer") },
  { name: "optimistic-lock", fits: hasVersions },
  { name: "read-your-writes", fits: (traits) => isRegister(traits) || hasVersions(traits) },
  { name: "bounded-staleness", fits: (traits) => isRegister(traits) || hasVersions(traits) },
  { name: "durability", fits: (traits) => isRegister(traits) || hasVersions(traits) },
  { name: "lock-safety", fits: has("acquire", "guarded-write") },
  { name: "conservation", fits: has("reserve") },
  { name: "saga-atomicity", fits: hasRecord("saga") },
  { name: "delivery", fits: hasRecord("committed") },
  { name: "event-streams", fits: (traits) => hasRecord("event")(traits) && has("append")(traits) },
  { name: "projection", fits: hasRecord("projected") },
  { name: "cache-staleness", fits: hasRecord("cached") },
];

/** Checkers that have something to say on a history, by its functions and the shape of its values. Linear. */
export function fittingCheckers(history: History): readonly string[] {
  const traits = traitsOf(history);
  return fits
    .filter(({ name, fits: suits }) => checkerNames.includes(name) && suits(traits))
    .map(({ name, model }) => (model === undefined ? name : `${name} --model ${model}`));
}

function traitsOf(history: History): Traits {
  const functions = new Set<string>();
  const records = new Set<string>();
  const seen = {
    appends: false,
    writes: false,
    isTransactional: false,
    showsLists: false,
    showsVersions: false,
  };
  for (let row = 0; row < history.length; row++) {
    const name = history.functions[history.f[row]!]!;
    (history.type[row] === RECORD ? records : functions).add(name);
    const value = history.value[row];
    if (isMicroOperations(value)) {
      seen.isTransactional = true;
      for (const [operation] of value) {
        if (operation === "append") seen.appends = true;
        else if (operation === "w") seen.writes = true;
      }
    } else if (history.type[row] === OK && name === "read") {
      if (Array.isArray(value)) seen.showsLists = true;
      else if (fieldOf(value, "version") !== undefined) seen.showsVersions = true;
    }
  }
  return { functions, records, ...seen, writes: seen.writes || (seen.isTransactional && !seen.appends) };
}
