import type { FunctionNames } from "../history/function-roles.ts";
import type { LinearizabilityModel } from "./linearizability-model.ts";
import type { LinearizabilityOptions } from "./linearizability-options.ts";
import { modelJudge } from "./model-judge.ts";
import { bankModel } from "./models/bank-model.ts";
import { counterModel } from "./models/counter-model.ts";
import { kvModel } from "./models/kv-model.ts";
import { mutexModel } from "./models/mutex-model.ts";
import { queueModel } from "./models/queue-model.ts";
import { setModel } from "./models/set-model.ts";
import { versionedEntityModel } from "./models/versioned-entity-model.ts";
import type { ObjectJudge } from "./object-judge.ts";
import { queueJudge } from "./queue-judge.ts";
import { registerJudge } from "./register-judge.ts";
import { textJudge } from "./text-judge.ts";

type Model = (options: LinearizabilityOptions) => LinearizabilityModel;

const models: ReadonlyMap<string, Model> = new Map<string, Model>([
  ["kv", ({ initial }) => kvModel(initial)],
  ["counter", ({ initial }) => counterModel(initial)],
  ["set", ({ initial }) => setModel(initial)],
  ["queue", ({ initial }) => queueModel(initial)],
  ["mutex", ({ initial }) => mutexModel(initial)],
  ["versioned-entity", ({ fields, initial }) => versionedEntityModel(fields, initial)],
  ["bank", ({ initial, negativeBalances }) => bankModel(initial, negativeBalances === true)],
]);

const registers: readonly string[] = ["register", "cas-register"];

/** Models that the checker `linearizability` has. */
export const linearizabilityModels: readonly string[] = [...registers, ...models.keys()];

/** Functions that one of the models has, in alphabetical order. */
export const linearizabilityFunctions: readonly string[] = [
  ...new Set([...registerFunctions(), ...[...models.values()].flatMap((model) => model({}).functions)]),
].sort();

function registerFunctions(): readonly string[] {
  return ["read", "write", "cas"];
}

/** Who judges the objects, and what these are called. @throws RangeError where the model, or a function of it, is not known. */
export function chooseJudge(options: LinearizabilityOptions): {
  readonly judge: ObjectJudge;
  readonly name: string;
} {
  const { model = "cas-register" } = options;
  if (typeof model === "string" && registers.includes(model)) {
    const names = namesOf(model, registerFunctions(), options);
    const initial = options.initial ?? null;
    const reading = { initial, refusedCasTells: options.refusedCasTells === true };
    return { judge: registerJudge(names, model === "cas-register", reading), name: model };
  }
  const chosen = typeof model === "string" ? models.get(model)?.(options) : model;
  if (chosen === undefined) {
    throw new RangeError(
      `checker linearizability has no model "${String(model)}"; it has: ${linearizabilityModels.join(", ")}`,
    );
  }
  const names = namesOf(chosen.name, chosen.functions, options);
  return { judge: judgeOf(chosen, names, options), name: chosen.name };
}

/** Who judges the objects of a model that is no register: some need no search for most histories. */
function judgeOf(
  chosen: LinearizabilityModel,
  names: readonly FunctionNames[],
  { model, initial }: LinearizabilityOptions,
): ObjectJudge {
  if (model === "queue") return queueJudge(names, initial);
  if (model === "kv") return textJudge(names, initial);
  return modelJudge(names, chosen);
}

function namesOf(
  model: string,
  functions: readonly string[],
  options: LinearizabilityOptions,
): readonly FunctionNames[] {
  const given = options.functions ?? {};
  for (const name of Object.keys(given)) {
    if (functions.includes(name)) continue;
    throw new RangeError(
      `model ${model} of checker linearizability has no function "${name}"; it has: ${functions.join(", ")}`,
    );
  }
  return functions.map((name) => (Object.hasOwn(given, name) ? given[name]! : name));
}
