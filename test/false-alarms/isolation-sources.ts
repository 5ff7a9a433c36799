import {
  type Checker,
  causal,
  listAppend,
  readAtomic,
  readCommitted,
  rwRegister,
} from "../../checkers/index.ts";
import { withWeaker } from "../../checkers/transactions/isolation-levels.ts";
import { simulateCausalStore } from "../support/simulated-causal-store.ts";
import { simulateIsolation, type StoreLevel as WeakLevel } from "../support/simulated-isolation.ts";
import { type StoreLevel, simulateTransactions } from "../support/simulated-transactions.ts";
import type { AlarmSource } from "./alarm-source.ts";

/** For each level of the store the strongest level by name that it keeps, and a level below it, which lets more happen. */
const levels: readonly (readonly [level: StoreLevel, keeps: string, below: StoreLevel | null])[] = [
  ["read-uncommitted", "strong-read-uncommitted", null],
  ["read-committed", "strong-read-committed", "read-uncommitted"],
  ["snapshot-isolation", "snapshot-isolation", "read-committed"],
  ["strong-snapshot-isolation", "strong-snapshot-isolation", "snapshot-isolation"],
  ["serializable", "serializable", "snapshot-isolation"],
  ["strict-serializable", "strict-serializable", "serializable"],
];

const size = { clients: 4, transactions: 16, keys: 2, length: 4, unknownEvery: 0, readsAll: true };

const transactions = (["list", "register"] as const).flatMap((kind) =>
  levels.map(([level, keeps, below]): AlarmSource => {
    const checker = kind === "list" ? listAppend : rwRegister;
    // Registers do not tell in which order they were written: of them only what nobody may read is seen.
    const weaker = kind === "list" || below === null ? below : "read-uncommitted";
    return {
      name: `${kind === "list" ? "lists" : "registers"}, ${level}`,
      choices: 250,
      checkers: [checker({ isolation: keeps })],
      right: (tape) => simulateTransactions(tape, { ...size, kind, level }),
      broken: weaker === null ? null : (tape) => simulateTransactions(tape, { ...size, kind, level: weaker }),
    };
  }),
);

/** By store: the levels by name that it keeps and that no store before it keeps, but the strongest, which it is asked for above. */
const levelsOf = new Map<StoreLevel, string[]>();
for (const [store, keeps] of levels) {
  const known = new Set([...levelsOf.values()].flat());
  const own = [...withWeaker([keeps])].filter((level) => !known.has(level));
  levelsOf.set(store, own);
}

/** Levels by name that some store is asked for. */
export const askedLevels: readonly string[] = [...levelsOf.values()].flat();

/** The weaker levels of each store: none of these may be reported, either. */
const weakerLevels = (["list", "register"] as const).flatMap((kind) =>
  [...levelsOf].map(([level, asked]): AlarmSource => {
    const checker = kind === "list" ? listAppend : rwRegister;
    return {
      name: `${kind === "list" ? "lists" : "registers"}, ${level}, by other names`,
      choices: 250,
      checkers: asked.map((isolation) => checker({ isolation })),
      right: (tape) => simulateTransactions(tape, { ...size, kind, level }),
      // Not every level is decided exactly; those that are have sources of their own.
      broken: null,
    };
  }),
);

const weak: readonly (readonly [level: WeakLevel, checkers: readonly Checker[], below: WeakLevel | null])[] =
  [
    ["read-committed", [readCommitted()], null],
    ["read-atomic", [readCommitted(), readAtomic()], "read-committed"],
    ["causal", [readCommitted(), readAtomic(), causal()], "read-atomic"],
    ["serializable", [readCommitted(), readAtomic(), causal()], "causal"],
  ];

const store = { clients: 3, keys: 2, length: 3, endsBadlyEvery: 8 };

const replicas = [
  ["causal-memory", ["cc", "cm"]],
  ["causal-consistency", ["cc"]],
] as const;

const convergent = ["cc", "ccv"].map((isolation) => causal({ isolation }));

/**
 * Stores that keep one isolation level and no more. The checker is asked for the strongest level that the store
 * keeps: so it is also seen that no weaker one is reported, and that the store below it is found out.
 */
export const isolationSources: readonly AlarmSource[] = [
  ...transactions,
  ...weakerLevels,
  ...weak.map(
    ([level, checkers]): AlarmSource => ({
      name: `transactions, ${level}`,
      choices: 90,
      checkers,
      right: (tape) => simulateIsolation(tape, { ...store, level, bugEvery: 0 }),
      broken: (tape) => simulateIsolation(tape, { ...store, level, bugEvery: 4 }),
    }),
  ),
  {
    name: "causal convergence without causal memory",
    choices: 120,
    checkers: convergent,
    right: (tape) => simulateIsolation(tape, { ...store, length: 1, level: "causal", bugEvery: 0 }),
    broken: (tape) => simulateIsolation(tape, { ...store, length: 1, level: "causal", bugEvery: 4 }),
  },
  ...replicas.map(
    ([promise, kinds]): AlarmSource => ({
      name: `replicas, ${promise}`,
      choices: 200,
      checkers: kinds.map((isolation) => causal({ isolation })),
      right: (tape) => simulateCausalStore(tape, { ...store, promise, bugEvery: 0 }),
      broken: (tape) => simulateCausalStore(tape, { ...store, promise, bugEvery: 4 }),
    }),
  ),
];
