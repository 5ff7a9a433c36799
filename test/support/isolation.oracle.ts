import type { HistoryEvent, Json } from "../../checkers/history/operation.ts";

/** Which order besides that of the data counts. */
export type OracleOrder = "none" | "session" | "real-time";

/** A transaction as brute force sees it. */
interface Tried {
  readonly number: number;
  readonly session: string;
  readonly invoked: number;
  readonly completed: number;
  readonly isCommitted: boolean;
  readonly isUnknown: boolean;
  readonly operations: readonly (readonly [string, string, Json])[];
}

/** The transactions of a history with functions `txn`, in the order of their beginnings. */
function transactionsOf(events: readonly HistoryEvent[]): Tried[] {
  const tried: { -readonly [Field in keyof Tried]: Tried[Field] }[] = [];
  const open = new Map<string, number>();
  for (const event of events) {
    if (!("f" in event) || event.type === "record" || event.f !== "txn") continue;
    const process = `${event.process}`;
    if (event.type === "invoke") {
      open.set(process, tried.length);
      tried.push({
        number: tried.length,
        session: `${event.client ?? event.process}`,
        invoked: event.index,
        completed: Number.POSITIVE_INFINITY,
        isCommitted: false,
        isUnknown: true,
        operations: event.value as unknown as Tried["operations"],
      });
      continue;
    }
    const at = tried[open.get(process)!]!;
    if (event.type === "ok") at.operations = event.value as unknown as Tried["operations"];
    at.isCommitted = event.type === "ok";
    at.isUnknown = event.type === "info";
    if (event.type === "ok") at.completed = event.index;
  }
  return tried;
}

/** Must the first come before the second? */
function precedes(a: Tried, b: Tried, order: OracleOrder): boolean {
  if (order === "none" || !a.isCommitted || a.completed >= b.invoked) return false;
  return order === "real-time" || a.session === b.session;
}

type State = ReadonlyMap<string, readonly Json[]>;

/** What a transaction would read and leave behind on a state; null where it read something else. */
function applied(state: State, { operations, isCommitted }: Tried): State | null {
  const next = new Map(state);
  for (const [f, key, value] of operations) {
    const values = next.get(key) ?? [];
    if (f !== "r") next.set(key, [...values, value]);
    else if (isCommitted && !isSeen(values, value)) return null;
  }
  return next;
}

function isSeen(values: readonly Json[], value: Json): boolean {
  const list = Array.isArray(value) ? value : null;
  if (list !== null) return JSON.stringify(values) === JSON.stringify(list);
  return (values.at(-1) ?? null) === (value ?? null) || (value === null && values.length === 0);
}

/** Every choice of transactions of unknown outcome, with those that committed. */
function* happenings(all: readonly Tried[]): Generator<Tried[], void, undefined> {
  const unknown = all.filter(({ isUnknown }) => isUnknown);
  for (let choice = 0; choice < 2 ** unknown.length; choice++) {
    const chosen = new Set(unknown.filter((_, at) => (choice >> at) % 2 === 1));
    yield all.filter((transaction) => transaction.isCommitted || chosen.has(transaction));
  }
}

/** Is there a serial order that explains all reads of committed transactions? Exponential. */
export function isSerializable(events: readonly HistoryEvent[], order: OracleOrder): boolean {
  for (const all of happenings(transactionsOf(events))) {
    const dead = new Set<string>();
    const place = (left: readonly Tried[], state: State): boolean => {
      if (left.length === 0) return true;
      const name = `${left.map(({ number }) => number)} ${JSON.stringify([...state].sort())}`;
      if (dead.has(name)) return false;
      for (const next of left) {
        if (left.some((other) => other !== next && precedes(other, next, order))) continue;
        const after = applied(state, next);
        if (
          after !== null &&
          place(
            left.filter((other) => other !== next),
            after,
          )
        )
          return true;
      }
      dead.add(name);
      return false;
    };
    if (place(all, new Map())) return true;
  }
  return false;
}

/**
 * Is there an order of commits, and for each transaction a snapshot before its own commit, so that it read
 * just that and its own writes, and nobody committed a write to a key of its own in between? Exponential.
 */
export function isSnapshotIsolated(events: readonly HistoryEvent[], order: OracleOrder): boolean {
  const writesTo = ({ operations }: Tried, key: string): boolean =>
    operations.some(([f, own]) => f !== "r" && own === key);
  const collide = (a: Tried, b: Tried): boolean =>
    a.operations.some(([f, key]) => f !== "r" && writesTo(b, key));
  const fits = (next: Tried, commits: readonly Tried[], states: readonly State[]): boolean => {
    for (let snapshot = commits.length; snapshot >= 0; snapshot--) {
      if (commits.slice(snapshot).some((other) => collide(other, next))) return false;
      if (commits.slice(snapshot).some((other) => precedes(other, next, order))) return false;
      if (applied(states[snapshot]!, next) !== null) return true;
    }
    return false;
  };
  const install = (state: State, { operations }: Tried): State => {
    const next = new Map(state);
    for (const [f, key, value] of operations) if (f !== "r") next.set(key, [...(next.get(key) ?? []), value]);
    return next;
  };
  const place = (left: readonly Tried[], commits: readonly Tried[], states: readonly State[]): boolean => {
    if (left.length === 0) return true;
    return left.some((next) => {
      if (left.some((other) => other !== next && precedes(other, next, order))) return false;
      if (!fits(next, commits, states)) return false;
      const rest = left.filter((other) => other !== next);
      return place(rest, [...commits, next], [...states, install(states.at(-1)!, next)]);
    });
  };
  for (const all of happenings(transactionsOf(events))) if (place(all, [], [new Map()])) return true;
  return false;
}

/** Relations by name: ww, wr, rw, session, real-time. */
type Relation = "ww" | "wr" | "rw" | "session" | "real-time";

/**
 * For one order of the versions of each key (all that were installed, in the order given) the levels that
 * cycles break, by trying all simple cycles in all readings. Exponential.
 */
function brokenUnder(all: readonly Tried[], orders: ReadonlyMap<string, readonly Json[]>): Set<string> {
  const relations = all.map(() => all.map((): Relation[] => []));
  const relate = (a: Tried | undefined, b: Tried | undefined, relation: Relation): void => {
    if (a === undefined || b === undefined || a === b) return;
    relations[all.indexOf(a)]![all.indexOf(b)]!.push(relation);
  };
  const writer = (key: string, value: Json): Tried | undefined =>
    all.find(({ operations }) =>
      operations.some(([f, own, written]) => f !== "r" && own === key && written === value),
    );
  for (const [key, values] of orders) {
    for (let at = 0; at + 1 < values.length; at++)
      relate(writer(key, values[at]!), writer(key, values[at + 1]!), "ww");
    for (const reader of all) {
      if (!reader.isCommitted) continue;
      for (const [f, own, value] of reader.operations) {
        if (f !== "r" || own !== key) continue;
        const last = Array.isArray(value) ? (value.at(-1) ?? null) : value;
        const place = last === null ? -1 : values.indexOf(last);
        if (last !== null) relate(writer(key, last), reader, "wr");
        if (last === null || place >= 0) relate(reader, writer(key, values[place + 1] ?? "none"), "rw");
      }
    }
  }
  for (const a of all) {
    for (const b of all) {
      if (precedes(a, b, "session")) relate(a, b, "session");
      if (precedes(a, b, "real-time")) relate(a, b, "real-time");
    }
  }
  const broken = new Set<string>();
  const walk = (path: readonly number[], kinds: readonly Relation[]): void => {
    const from = path.at(-1)!;
    for (let to = path[0]!; to < all.length; to++) {
      for (const relation of new Set(relations[from]![to]!)) {
        if (to === path[0]) {
          // That something was read shows that it happened only if reads are committed.
          const isCertain = path.every((at) => all[at]!.isCommitted);
          for (const level of levelsAgainst([...kinds, relation], isCertain)) broken.add(level);
        } else if (!path.includes(to)) walk([...path, to], [...kinds, relation]);
      }
    }
  };
  for (let start = 0; start < all.length; start++) walk([start], []);
  return broken;
}

/** The levels that a cycle breaks, by Adya's definitions, with those for sessions and for time. */
function levelsAgainst(kinds: readonly Relation[], isCertain: boolean): string[] {
  const overwritten = kinds.filter((kind) => kind === "rw").length;
  const isSpaced = kinds.every((kind, at) => kind !== "rw" || kinds[(at + 1) % kinds.length] !== "rw");
  const levels: string[] = [];
  if (isCertain && overwritten === 0 && !kinds.includes("wr")) levels.push("read-uncommitted");
  if (overwritten === 0) levels.push("read-committed");
  if (overwritten <= 1) levels.push("consistent-view");
  if (isSpaced) levels.push("snapshot-isolation");
  if (overwritten >= 0) levels.push("repeatable-read", "serializable");
  const isTimed = kinds.includes("real-time");
  if (!isTimed && !kinds.includes("session")) return [...levels, ...levels.flatMap(ordered)];
  const names = levels.filter((level) => level !== "consistent-view" && level !== "repeatable-read");
  return isTimed ? names.map(timed) : names.flatMap(ordered);
}

function ordered(level: string): string[] {
  if (level === "consistent-view" || level === "repeatable-read") return [];
  return [`strong-session-${level}`, timed(level)];
}

function timed(level: string): string {
  return level === "serializable" ? "strict-serializable" : `strong-${level}`;
}

/**
 * Of the levels that dependencies decide those that cycles break whatever the order of the versions was:
 * for lists the order that the reads show, what nobody read last; for registers all orders are tried in
 * which what a transaction wrote over what it had read comes later. Only for histories in which nothing but
 * cycles is wrong. Exponential.
 */
export function levelsBrokenByCycles(
  events: readonly HistoryEvent[],
  kind: "list" | "register",
): Set<string> {
  const tried = transactionsOf(events);
  const isRead = ({ operations }: Tried): boolean =>
    operations.some(([f, key, value]) =>
      tried.some(
        (reader) =>
          reader.isCommitted &&
          reader.operations.some(
            ([g, own, seen]) =>
              f !== "r" &&
              g === "r" &&
              own === key &&
              (Array.isArray(seen) ? seen.includes(value) : seen === value),
          ),
      ),
    );
  const all = tried.filter(
    (transaction) => transaction.isCommitted || (transaction.isUnknown && isRead(transaction)),
  );
  const sets = [...versionOrders(all, kind)].map((orders) => brokenUnder(all, orders));
  const [first = new Set<string>(), ...others] = sets;
  return new Set([...first].filter((level) => others.every((broken) => broken.has(level))));
}

function* versionOrders(
  all: readonly Tried[],
  kind: "list" | "register",
): Generator<Map<string, readonly Json[]>, void, undefined> {
  const installed = new Map<string, Json[]>();
  const fixed = new Map<string, readonly Json[]>();
  for (const { operations, isCommitted } of all) {
    const last = new Map<string, Json[]>();
    for (const [f, key, value] of operations) {
      if (f === "r") {
        const known = fixed.get(key) ?? [];
        if (isCommitted && Array.isArray(value) && value.length > known.length) fixed.set(key, value);
      } else last.set(key, kind === "list" ? [...(last.get(key) ?? []), value] : [value]);
    }
    for (const [key, values] of last) installed.set(key, [...(installed.get(key) ?? []), ...values]);
  }
  let orders: Map<string, readonly Json[]>[] = [new Map()];
  for (const [key, values] of installed) {
    const start = fixed.get(key) ?? [];
    const rest = values.filter((value) => !start.includes(value));
    const choices = permutations(rest).map((list) => [...start, ...list]);
    orders = orders.flatMap((order) => choices.map((choice) => new Map(order).set(key, choice)));
  }
  yield* orders;
}

function permutations(list: readonly Json[]): Json[][] {
  if (list.length === 0) return [[]];
  return list.flatMap((first, at) =>
    permutations([...list.slice(0, at), ...list.slice(at + 1)]).map((rest) => [first, ...rest]),
  );
}
