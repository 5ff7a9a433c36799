import { isolationLevel, withStronger, withWeaker } from "./isolation-levels.ts";

/**
 * Kinds of anomalies, each with the kinds that it is a special case of. From Elle's `consistency-model`;
 * `garbage-read` is ours: what nobody wrote was certainly not committed; and so are `no-…-order`.
 */
const special: ReadonlyMap<string, readonly string[]> = new Map([
  ["G0", ["G1c", "G0-process"]],
  ["G0-process", ["G1c-process", "G0-realtime"]],
  ["G0-realtime", ["G1c-realtime"]],
  ["G1a", ["G1"]],
  ["G1b", ["G1"]],
  ["G1c", ["G1", "G1c-process"]],
  ["G1c-process", ["G1c-realtime", "G1-process"]],
  ["G1c-realtime", ["G1-realtime"]],
  ["G1", ["G1-process"]],
  ["G1-process", ["G1-realtime"]],
  ["G-single-item", ["G-single", "G-single-item-process", "G-nonadjacent-item"]],
  ["G-single-item-process", ["G-single-process", "G-single-item-realtime", "G-nonadjacent-item-process"]],
  ["G-single-item-realtime", ["G-single-realtime", "G-nonadjacent-item-realtime"]],
  ["G-single", ["G-nonadjacent", "G-single-process"]],
  ["G-single-process", ["G-nonadjacent-process", "G-single-realtime"]],
  ["G-single-realtime", ["G-nonadjacent-realtime"]],
  ["G-nonadjacent-item", ["G-nonadjacent", "G2-item", "G-nonadjacent-item-process"]],
  ["G-nonadjacent-item-process", ["G-nonadjacent-process", "G2-item-process", "G-nonadjacent-item-realtime"]],
  ["G-nonadjacent-item-realtime", ["G2-item-realtime", "G-nonadjacent-realtime"]],
  ["G-nonadjacent", ["G2", "G-nonadjacent-process"]],
  ["G-nonadjacent-process", ["G2-process", "G-nonadjacent-realtime"]],
  ["G-nonadjacent-realtime", ["G2-realtime"]],
  ["G2", ["G2-process"]],
  ["G2-item", ["G2", "G2-item-process"]],
  ["G2-item-process", ["G2-process", "G2-item-realtime"]],
  ["G2-item-realtime", ["G2-realtime"]],
  ["G2-process", ["G2-realtime"]],
  ["incompatible-order", ["G1a"]],
  ["dirty-update", ["G1a"]],
  ["garbage-read", ["G1a"]],
  ["future-read", ["G1c"]],
  ["lost-update", ["write-skew", "G2-item"]],
  ["write-skew", ["G2"]],
  ["no-serial-order", ["no-serial-order-process"]],
  ["no-serial-order-process", ["no-serial-order-realtime"]],
  ["no-snapshot-order", ["no-snapshot-order-process"]],
  ["no-snapshot-order-process", ["no-snapshot-order-realtime"]],
]);

/** For each level the anomalies that it forbids besides those that weaker levels forbid. From Elle. */
const forbidden: ReadonlyMap<string, readonly string[]> = new Map([
  ["read-uncommitted", ["G0", "duplicate-elements", "cyclic-versions"]],
  ["read-committed", ["G1"]],
  ["cursor-stability", ["G1", "lost-update"]],
  ["monotonic-view", ["G1"]],
  ["monotonic-snapshot-read", ["G1"]],
  ["consistent-view", ["G1", "G-single"]],
  ["forward-consistent-view", ["G1"]],
  ["causal-cerone", ["internal", "G1a"]],
  ["prefix", ["internal", "G1a"]],
  ["parallel-snapshot-isolation", ["internal", "G1a"]],
  ["read-atomic", ["internal", "G1a", "future-read"]],
  ["update-atomic", ["lost-update"]],
  ["repeatable-read", ["G1", "G2-item", "lost-update"]],
  ["snapshot-isolation", ["internal", "G1", "G-nonadjacent", "no-snapshot-order"]],
  ["update-serializable", ["G1"]],
  ["serializable", ["internal", "G1", "G2", "no-serial-order"]],
  ["strong-session-read-uncommitted", ["G0-process"]],
  ["strong-session-read-committed", ["G1c-process"]],
  [
    "strong-session-snapshot-isolation",
    ["internal", "G1-process", "G-nonadjacent-process", "no-snapshot-order-process"],
  ],
  ["strong-session-serializable", ["G1-process", "G2-process", "no-serial-order-process"]],
  ["strong-read-uncommitted", ["G0-realtime"]],
  ["strong-read-committed", ["G1c-realtime"]],
  [
    "strong-snapshot-isolation",
    ["internal", "G1-realtime", "G-nonadjacent-realtime", "no-snapshot-order-realtime"],
  ],
  ["strict-serializable", ["G1", "G1c-realtime", "G2-realtime", "no-serial-order-realtime"]],
]);

/** All kinds of anomalies that can be asked for. */
const known: ReadonlySet<string> = new Set([
  ...special.keys(),
  ...[...special.values()].flat(),
  ...[...forbidden.values()].flat(),
]);

/** These kinds and all that they are special cases of. */
export function withGeneral(types: Iterable<string>): Set<string> {
  const all = new Set<string>();
  const open = [...types];
  for (let type = open.pop(); type !== undefined; type = open.pop()) {
    if (all.has(type)) continue;
    all.add(type);
    open.push(...(special.get(type) ?? []));
  }
  return all;
}

/** All levels that cannot hold where there are anomalies of these kinds. */
export function brokenLevels(types: Iterable<string>): Set<string> {
  const present = withGeneral(types);
  const broken = new Set<string>();
  for (const [level, list] of forbidden) if (list.some((type) => present.has(type))) broken.add(level);
  return withStronger(broken);
}

/**
 * The kinds of anomalies that must not be there: those that the levels forbid, those asked for by name,
 * and all special cases of them.
 * @throws RangeError where a level or an anomaly is not known, with the names that are.
 */
export function forbiddenTypes(levels: readonly string[], types: readonly string[]): ReadonlySet<string> {
  const asked = new Set(types);
  for (const type of types) {
    if (known.has(type)) continue;
    throw new RangeError(
      `anomalies: expected names of anomalies, found "${type}"; known: ${[...known].sort().join(", ")}`,
    );
  }
  for (const level of withWeaker(levels.map(isolationLevel))) {
    for (const type of forbidden.get(level) ?? []) asked.add(type);
  }
  const all = new Set<string>(asked);
  for (const type of known) {
    for (const general of withGeneral([type])) if (asked.has(general)) all.add(type);
  }
  return all;
}
