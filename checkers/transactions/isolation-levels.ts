/**
 * Isolation levels, each with the levels that are weaker: a history that has the first has the others too.
 * Names and order are those of Elle's `consistency-model` (Kingsbury and Alvaro, VLDB 2020), which follows
 * Adya's thesis (PL-1 to PL-3, PL-SS), Bailis (monotonic atomic view), Cerone (read atomic, prefix,
 * parallel snapshot isolation) and Daudjee (strong session and strong snapshot isolation).
 */
const weaker: ReadonlyMap<string, readonly string[]> = new Map([
  ["read-uncommitted", []],
  ["read-committed", ["read-uncommitted"]],
  ["monotonic-view", ["read-committed"]],
  ["monotonic-snapshot-read", ["read-committed"]],
  ["monotonic-atomic-view", ["read-committed"]],
  ["cursor-stability", ["read-committed"]],
  ["consistent-view", ["cursor-stability", "monotonic-view"]],
  ["forward-consistent-view", ["consistent-view"]],
  ["update-serializable", ["forward-consistent-view"]],
  ["read-atomic", ["monotonic-atomic-view"]],
  ["update-atomic", ["read-atomic"]],
  ["causal-cerone", ["read-atomic"]],
  ["prefix", ["causal-cerone"]],
  ["parallel-snapshot-isolation", ["causal-cerone", "update-atomic"]],
  [
    "snapshot-isolation",
    [
      "forward-consistent-view",
      "monotonic-atomic-view",
      "monotonic-snapshot-read",
      "parallel-snapshot-isolation",
      "prefix",
    ],
  ],
  ["repeatable-read", ["cursor-stability", "monotonic-atomic-view"]],
  ["serializable", ["repeatable-read", "snapshot-isolation", "update-serializable"]],
  ["strong-session-read-uncommitted", ["read-uncommitted"]],
  ["strong-session-read-committed", ["read-committed", "strong-session-read-uncommitted"]],
  ["strong-session-snapshot-isolation", ["snapshot-isolation", "strong-session-read-committed"]],
  ["strong-session-serializable", ["serializable", "strong-session-snapshot-isolation"]],
  ["strong-read-uncommitted", ["strong-session-read-uncommitted"]],
  ["strong-read-committed", ["strong-session-read-committed", "strong-read-uncommitted"]],
  ["strong-snapshot-isolation", ["strong-session-snapshot-isolation", "strong-read-committed"]],
  ["strict-serializable", ["strong-session-serializable", "strong-snapshot-isolation"]],
]);

/**
 * Other names of levels. Elle tells view serializability, 1SR and session serializability from the levels that are
 * named for them here; where each value is written once, they are the same.
 */
const aliases: ReadonlyMap<string, string> = new Map([
  ["PL-1", "read-uncommitted"],
  ["PL-2", "read-committed"],
  ["PL-2L", "monotonic-view"],
  ["PL-MSR", "monotonic-snapshot-read"],
  ["PL-CS", "cursor-stability"],
  ["PL-2+", "consistent-view"],
  ["PL-FCV", "forward-consistent-view"],
  ["PL-2.99", "repeatable-read"],
  ["PL-SI", "snapshot-isolation"],
  ["PL-3U", "update-serializable"],
  ["PL-3", "serializable"],
  ["conflict-serializable", "serializable"],
  ["view-serializable", "serializable"],
  ["1SR", "serializable"],
  ["session-serializable", "strong-session-serializable"],
  ["PL-SS", "strict-serializable"],
  ["strong-serializable", "strict-serializable"],
  ["strong-session-PL-1", "strong-session-read-uncommitted"],
  ["strong-session-PL-2", "strong-session-read-committed"],
  ["strong-PL-1", "strong-read-uncommitted"],
  ["strong-PL-2", "strong-read-committed"],
  ["ROLA", "update-atomic"],
]);

/**
 * Levels that dependencies between transactions decide exactly, on the versions that are known: only
 * these are ever named as the strongest that holds.
 */
const judged: readonly string[] = [
  "read-uncommitted",
  "read-committed",
  "consistent-view",
  "snapshot-isolation",
  "repeatable-read",
  "serializable",
  "strong-session-read-uncommitted",
  "strong-session-read-committed",
  "strong-session-snapshot-isolation",
  "strong-session-serializable",
  "strong-read-uncommitted",
  "strong-read-committed",
  "strong-snapshot-isolation",
  "strict-serializable",
];

/** Which order besides that of the data a level asks for: none, that of each session, that of time. */
export type OrderDemand = "none" | "session" | "real-time";

/** Names that {@link isolationLevel} takes, other names not counted, from weak to strong as far as that goes. */
export const isolationLevelNames: readonly string[] = [...weaker.keys()];

/** Is that the name, or another name, of a level? */
export function isIsolationLevel(name: string): boolean {
  return weaker.has(aliases.get(name) ?? name);
}

/** The level with that name or other name. @throws RangeError, with the known names, where there is none. */
export function isolationLevel(name: string): string {
  const level = aliases.get(name) ?? name;
  if (weaker.has(level)) return level;
  throw new RangeError(
    `isolation: expected the name of an isolation level, found "${name}"; known: ${isolationLevelNames.join(", ")}`,
  );
}

/** The order that the strictest of these levels asks for. */
export function orderDemandOf(levels: Iterable<string>): OrderDemand {
  let demand: OrderDemand = "none";
  for (const level of withWeaker(levels)) {
    if (level.startsWith("strong-session-")) demand = demand === "none" ? "session" : demand;
    else if (level.startsWith("strong-") || level === "strict-serializable") demand = "real-time";
  }
  return demand;
}

/** These levels and all that are weaker. */
export function withWeaker(levels: Iterable<string>): Set<string> {
  const all = new Set<string>();
  const open = [...levels];
  for (let level = open.pop(); level !== undefined; level = open.pop()) {
    if (all.has(level)) continue;
    all.add(level);
    open.push(...(weaker.get(level) ?? []));
  }
  return all;
}

/** These levels and all that are stronger. */
export function withStronger(levels: ReadonlySet<string>): Set<string> {
  const all = new Set<string>();
  for (const level of weaker.keys()) {
    for (const below of withWeaker([level])) if (levels.has(below)) all.add(level);
  }
  return all;
}

/** Those of the levels that are not stronger than another of them, in alphabetical order. */
export function weakestOf(levels: ReadonlySet<string>): string[] {
  const isWeakest = (level: string): boolean =>
    ![...withWeaker([level])].some((below) => below !== level && levels.has(below));
  return [...levels].filter(isWeakest).sort();
}

/** Those of the levels of which it is not known whether they hold: neither broken, nor below one that holds. */
export function undecidedOf(
  levels: readonly string[],
  broken: ReadonlySet<string>,
  demand: OrderDemand,
): string[] {
  const holding = withWeaker(strongestHolding(broken, demand));
  return levels.filter((level) => !broken.has(level) && !holding.has(level));
}

/**
 * The strongest levels that dependencies decide and that are not among the broken ones, in alphabetical
 * order; only as strong as the order that was looked at.
 */
export function strongestHolding(broken: ReadonlySet<string>, demand: OrderDemand): string[] {
  const isLookedAt = (level: string): boolean => {
    const asked = orderDemandOf([level]);
    return asked === "none" || demand === "real-time" || asked === demand;
  };
  const holding = judged.filter((level) => !broken.has(level) && isLookedAt(level));
  return holding
    .filter((level) => !holding.some((other) => other !== level && withWeaker([other]).has(level)))
    .sort();
}
