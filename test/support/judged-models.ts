import {
  type SequentialObject,
  sequentialBank,
  sequentialCounter,
  sequentialEntity,
  sequentialMutex,
  sequentialQueue,
  sequentialSet,
  sequentialText,
} from "../../bench/concurrent-objects.ts";
import type { Json } from "../../checkers/history/operation.ts";
import type { LinearizabilityOptions } from "../../checkers/linearizability/linearizability-options.ts";
import {
  type OracleObject,
  oracleBank,
  oracleCounter,
  oracleEntity,
  oracleMutex,
  oracleQueue,
  oracleSet,
  oracleText,
} from "./linearizability.oracle.ts";

/** A model, an object that does what it says, and what brute force says of it. */
export interface Judged {
  readonly name: string;
  readonly options: LinearizabilityOptions;
  readonly object: () => SequentialObject;
  readonly oracle: OracleObject;
  readonly initial: Json;
}

/** All models but registers. */
export const judgedModels: readonly Judged[] = [
  {
    name: "kv",
    options: { model: "kv" },
    object: () => sequentialText(),
    oracle: oracleText,
    initial: "",
  },
  {
    name: "kv, each text once",
    options: { model: "kv" },
    object: () => sequentialText(0),
    oracle: oracleText,
    initial: "",
  },
  {
    name: "counter",
    options: { model: "counter" },
    object: sequentialCounter,
    oracle: oracleCounter,
    initial: 0,
  },
  { name: "set", options: { model: "set" }, object: sequentialSet, oracle: oracleSet, initial: [] },
  {
    name: "queue",
    options: { model: "queue" },
    object: () => sequentialQueue(),
    oracle: oracleQueue,
    initial: [],
  },
  {
    name: "queue, each value once",
    options: { model: "queue" },
    object: () => sequentialQueue(0),
    oracle: oracleQueue,
    initial: [],
  },
  {
    name: "mutex",
    options: { model: "mutex" },
    object: sequentialMutex,
    oracle: oracleMutex,
    initial: false,
  },
  {
    name: "versioned-entity",
    options: { model: "versioned-entity", initial: null },
    object: sequentialEntity,
    oracle: oracleEntity,
    initial: null,
  },
  {
    name: "bank",
    options: { model: "bank", initial: { a: 3, b: 3 } },
    object: sequentialBank,
    oracle: oracleBank,
    initial: { a: 3, b: 3 },
  },
];
