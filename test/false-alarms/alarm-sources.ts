import {
  concurrentCalls,
  type SequentialObject,
  sequentialBank,
  sequentialCounter,
  sequentialEntity,
  sequentialMutex,
  sequentialQueue,
  sequentialSet,
  sequentialText,
} from "../../bench/concurrent-objects.ts";
import {
  activity,
  availability,
  balancedHoldings,
  bank,
  boundedStaleness,
  cacheStaleness,
  conservation,
  counter,
  definiteAnswers,
  delivery,
  durability,
  eventStreams,
  linearizability,
  lockSafety,
  longFork,
  monotonicReads,
  monotonicWrites,
  optimisticLock,
  outgoingCalls,
  projection,
  readYourWrites,
  sagaAtomicity,
  setFull,
  visibleDependencies,
  writesFollowReads,
} from "../../checkers/index.ts";
import type { ChoiceTape } from "../support/choice-tape.ts";
import { simulatedUpcast } from "../support/event-stream.oracle.ts";
import { simulateIdleness } from "../support/idle-service.ts";
import { simulateAnswers } from "../support/simulated-answers.ts";
import { cacheBoundMs, simulateCache } from "../support/simulated-cache.ts";
import { callLimits, simulateCalls } from "../support/simulated-calls.ts";
import { simulateDeliveries } from "../support/simulated-delivery.ts";
import { simulateEntities } from "../support/simulated-entity.ts";
import { simulateHoldings } from "../support/simulated-holdings.ts";
import { type JepsenSubject, simulateJepsen } from "../support/simulated-jepsen.ts";
import { simulateLock } from "../support/simulated-lock.ts";
import { readPosts } from "../support/simulated-posts.ts";
import { simulateProjection } from "../support/simulated-projection.ts";
import { simulateRegister } from "../support/simulated-register.ts";
import { replicaBoundMs, simulateReplicas } from "../support/simulated-replicas.ts";
import { simulateSagas } from "../support/simulated-saga.ts";
import { simulateService } from "../support/simulated-service.ts";
import { simulateStock } from "../support/simulated-stock.ts";
import { simulateStreams } from "../support/simulated-stream.ts";
import { withVersionsBack } from "../support/versions-back.ts";
import type { AlarmSource } from "./alarm-source.ts";
import { isolationSources } from "./isolation-sources.ts";

const sessions = [readYourWrites(), monotonicReads(), monotonicWrites(), writesFollowReads()];

/** What is read from the store itself is never stale. */
const fresh = boundedStaleness({ boundMs: 0 });

const deleted = { clients: 3, keys: 2, staleReads: true, unconditional: true };
const entities = { clients: 3, keys: 2, staleReads: false };
const registers = { clients: 3, isUnique: true, hasDeletes: false, finalReads: 1 };

const services: readonly AlarmSource[] = [
  {
    name: "service",
    choices: 150,
    checkers: [availability({ minOkOutside: 1, recoverWithinMs: 100 })],
    right: (tape) => simulateService(tape, false),
    broken: (tape) => simulateService(tape, true),
  },
  {
    name: "service in use",
    choices: 150,
    checkers: [activity({ minOkOf: { read: 1 } })],
    right: (tape) => simulateService(tape, false),
    broken: simulateIdleness,
  },
  {
    name: "answers",
    choices: 120,
    checkers: [definiteAnswers()],
    right: (tape) => simulateAnswers(tape, false),
    broken: (tape) => simulateAnswers(tape, true),
  },
  {
    name: "caller",
    choices: 120,
    checkers: [outgoingCalls(callLimits)],
    right: (tape) => simulateCalls(tape, false),
    broken: (tape) => simulateCalls(tape, true),
  },
  {
    name: "cache",
    choices: 150,
    checkers: [cacheStaleness({ maxStalenessMs: cacheBoundMs }), boundedStaleness({ boundMs: cacheBoundMs })],
    right: (tape) => simulateCache(tape, false),
    broken: (tape) => simulateCache(tape, true),
  },
  {
    name: "projection",
    choices: 110,
    checkers: [projection()],
    right: (tape) => simulateProjection(tape, 0, true),
    broken: (tape) => simulateProjection(tape, 8),
  },
  {
    name: "event streams",
    choices: 200,
    checkers: [eventStreams({ upcast: simulatedUpcast })],
    right: (tape) => simulateStreams(tape, 0, true),
    broken: (tape) => simulateStreams(tape, 20, true),
  },
  {
    name: "sagas",
    choices: 120,
    checkers: [sagaAtomicity()],
    right: (tape) => simulateSagas(tape, { sagas: 3, bugEvery: 0 }),
    broken: (tape) => simulateSagas(tape, { sagas: 3, bugEvery: 12 }),
  },
  {
    name: "holdings",
    choices: 60,
    checkers: [balancedHoldings()],
    right: (tape) => simulateHoldings(tape, 0),
    broken: (tape) => simulateHoldings(tape, 4),
  },
  {
    name: "deliveries",
    choices: 120,
    checkers: [delivery()],
    right: (tape) => simulateDeliveries(tape, { streams: 3, bugEvery: 0 }),
    broken: (tape) => simulateDeliveries(tape, { streams: 3, bugEvery: 12 }),
  },
  {
    name: "posts",
    choices: 120,
    checkers: [visibleDependencies()],
    right: (tape) => readPosts(tape, true).events,
    broken: (tape) => readPosts(tape, false).events,
  },
  ...[true, false].map(
    (hasTokens): AlarmSource => ({
      name: hasTokens ? "lock with tokens" : "lock without tokens",
      choices: 120,
      checkers: [lockSafety()],
      right: (tape) => simulateLock(tape, { isBroken: false, hasTokens }),
      broken: (tape) => simulateLock(tape, { isBroken: true, hasTokens }),
    }),
  ),
];

const stores: readonly AlarmSource[] = [
  {
    name: "entities",
    // Enough for sessions that read what they have read before.
    choices: 320,
    checkers: [optimisticLock(), ...sessions, linearizability({ model: "versioned-entity" }), fresh],
    right: (tape) => simulateEntities(tape, { ...entities, bugEvery: 0 }),
    broken: (tape) => simulateEntities(tape, { ...entities, staleReads: true, bugEvery: 8 }),
  },
  {
    name: "entities that are deleted",
    choices: 200,
    checkers: [
      optimisticLock(),
      optimisticLock({ versions: "rising" }),
      optimisticLock({ versions: "opaque" }),
    ],
    right: (tape) => simulateEntities(tape, { ...deleted, deletes: "rise", bugEvery: 0 }),
    broken: (tape) => simulateEntities(tape, { ...deleted, deletes: "restart", bugEvery: 8 }),
  },
  {
    name: "entities, order of writes",
    choices: 320,
    checkers: [monotonicWrites(), writesFollowReads()],
    right: (tape) => simulateEntities(tape, { ...entities, bugEvery: 0 }),
    broken: (tape) => withVersionsBack(simulateEntities(tape.split(), { ...entities, bugEvery: 0 }), tape),
  },
  {
    name: "register",
    choices: 120,
    checkers: [durability(), readYourWrites(), monotonicReads(), linearizability(), fresh],
    right: (tape) => simulateRegister(tape, { ...registers, bugEvery: 0 }),
    broken: (tape) => simulateRegister(tape, { ...registers, bugEvery: 4 }),
  },
  ...(["register", "entity"] as const).map(
    (kind): AlarmSource => ({
      name: kind === "register" ? "register on replicas" : "entities on replicas",
      choices: 150,
      checkers: [boundedStaleness({ boundMs: replicaBoundMs })],
      right: (tape) => simulateReplicas(tape, kind, false),
      broken: (tape) => simulateReplicas(tape, kind, true),
    }),
  ),
  {
    name: "register, order of writes",
    choices: 120,
    checkers: [monotonicWrites(), writesFollowReads()],
    right: (tape) => simulateRegister(tape, { ...registers, bugEvery: 0 }),
    // A single register that loses writes or shows old ones never shows two of them in the wrong order.
    broken: null,
  },
  {
    name: "register whose values repeat",
    choices: 120,
    checkers: [linearizability({ model: "cas-register" })],
    right: (tape) => simulateRegister(tape, { ...registers, isUnique: false, bugEvery: 0 }),
    broken: (tape) => simulateRegister(tape, { ...registers, isUnique: false, bugEvery: 4 }),
  },
  {
    name: "stock",
    choices: 120,
    checkers: [conservation()],
    right: (tape) => simulateStock(tape, { clients: 3, hasCreate: true, bugEvery: 0 }),
    broken: (tape) => simulateStock(tape, { clients: 3, hasCreate: true, bugEvery: 12 }),
  },
  ...(
    [
      ["bank", bank()],
      ["counter", counter()],
      ["set", setFull({ fresh: true })],
      ["long-fork", longFork()],
    ] as const
  ).map(
    ([subject, checker]): AlarmSource => ({
      name: `${subject} of Jepsen's kind`,
      choices: 120,
      checkers: [checker],
      right: (tape) => simulateJepsen(subject satisfies JepsenSubject, tape, 0),
      broken: (tape) => simulateJepsen(subject satisfies JepsenSubject, tape, 3),
    }),
  ),
];

const objects: readonly (readonly [model: string, object: () => SequentialObject])[] = [
  ["kv", sequentialText],
  ["counter", sequentialCounter],
  ["set", sequentialSet],
  ["queue", sequentialQueue],
  ["mutex", sequentialMutex],
  ["versioned-entity", sequentialEntity],
  ["bank", sequentialBank],
];

function called(
  tape: ChoiceTape,
  object: SequentialObject,
  wrongEvery: number,
): ReturnType<AlarmSource["right"]> {
  const clients = 2 + tape.below(4);
  const timeoutEvery = tape.pick([0, 4, 20]);
  return concurrentCalls(
    { operations: 30, clients, timeoutEvery, wrongEvery, seed: tape.below(1e9) },
    object,
  );
}

/** Every source. A checker of the registry that none of them has is missing: see {@link missingCheckers}. */
export const alarmSources: readonly AlarmSource[] = [
  ...services,
  ...stores,
  ...objects.map(
    ([model, object]): AlarmSource => ({
      name: `linearizable ${model}`,
      choices: 3,
      checkers: [linearizability({ model })],
      right: (tape) => called(tape, object(), 0),
      broken: (tape) => called(tape, object(), 5),
    }),
  ),
  ...isolationSources,
];

/** Checkers for which there is no source. */
export function missingCheckers(names: readonly string[]): string[] {
  const known = new Set(alarmSources.flatMap(({ checkers }) => checkers.map(({ name }) => name)));
  return names.filter((name) => !known.has(name));
}
