import type { ToldProof } from "../anomaly-list.ts";
import type { CheckBudget } from "../check-budget.ts";
import type { History } from "../history/history.ts";
import { cycleProof, type RelationWords } from "./cycle-proof.ts";
import { cycleType, type DependencyCycle } from "./dependency-cycle.ts";
import type { DependencyGraph } from "./dependency-graph.ts";
import { brokenLevels, withGeneral } from "./isolation-anomalies.ts";
import type { IsolationEvidence } from "./isolation-evidence.ts";
import type { OrderDemand } from "./isolation-levels.ts";
import { KnotCutter } from "./knot-graph.ts";
import {
  type CycleOrder,
  cycleClasses,
  cycleTypeName,
  KnotSearch,
  type SearchBudget,
} from "./knot-search.ts";
import { knots, strongComponents } from "./strong-components.ts";
import { rowOf } from "./transaction-words.ts";

/** Edges that may be looked at in search of cycles: some seconds of work. */
const workAtMost = 4e8;

/** What {@link addDependencyAnomalies} works on. */
export interface DependencySearch {
  readonly named: {
    readonly history: History;
    readonly invocation: Int32Array;
    readonly outcome: Uint8Array;
  };
  /** Relations of the data, and those of the order that is demanded. */
  readonly graph: DependencyGraph;
  readonly demand: OrderDemand;
  /** The order of sessions, as a graph of the same nodes; asked for only where it matters. */
  readonly sessions: () => DependencyGraph;
  readonly evidence: IsolationEvidence;
  readonly words: RelationWords;
  readonly budget: CheckBudget | undefined;
}

/** A strongly connected part, and the kinds of cycles that were found in it. */
interface Knot {
  readonly members: Int32Array;
  readonly types: Set<string>;
}

/**
 * Adds for each strongly connected part of a dependency graph one short cycle of each class that is not
 * implied by a worse one there. Cycles that need the order of sessions or of time are looked for only where
 * they show that a level is broken that the cycles without it, and lost updates, do not break already.
 * Where the order of time is demanded, a cycle in the order of one session is one in the order of time,
 * and is named so, unless that hides that a level for sessions is broken.
 *
 * Answers why something was left undecided, or null.
 */
export function addDependencyAnomalies(search: DependencySearch): string | null {
  const { graph, demand, evidence, budget } = search;
  const found: Knot[] = knots(graph, strongComponents(graph, allKinds)).map((members) => ({
    members,
    types: new Set(),
  }));
  if (found.length === 0) return null;
  let stopped: string | null = null;
  const allowance: SearchBudget = {
    work: workAtMost,
    isCutShort: false,
    exceeded: () => {
      stopped ??= budget?.exceeded(graph.targets.length * 30, 0.9) ?? null;
      return stopped;
    },
  };
  const cutter = new KnotCutter(graph.nodes);
  for (const knot of found) {
    const part = cutter.cut(knot.members, [graph]);
    const inside = new KnotSearch(part.graph, allowance);
    for (const kind of cycleClasses) addOne(search, knot, inside, kind, "none");
  }
  if (demand !== "none") {
    addOrdered(search, found, cutter, allowance, demand, [graph], dependencyTypes(evidence.types));
  }
  if (demand === "real-time") {
    addOrdered(search, found, cutter, allowance, "session", [graph, search.sessions()], evidence.types);
  }
  if (stopped !== null) return `the search for cycles was stopped: ${stopped}`;
  return allowance.isCutShort
    ? `the search for cycles ended after ${workAtMost} steps: there may be worse ones than those listed`
    : null;
}

const allKinds = 0xff;

/** Looks in each part for classes of cycles that use an order and would break a further level. */
function addOrdered(
  search: DependencySearch,
  found: readonly Knot[],
  cutter: KnotCutter,
  allowance: SearchBudget,
  order: CycleOrder,
  graphs: readonly DependencyGraph[],
  before: Iterable<string>,
): void {
  const types = new Set(before);
  const searches = new Map<Knot, KnotSearch>();
  for (const kind of cycleClasses) {
    const broken = brokenLevels(types);
    const type = cycleTypeName(kind, order);
    if ([...brokenLevels([type])].every((level) => broken.has(level))) continue;
    for (const knot of found) {
      if (withGeneral(knot.types).has(type)) continue;
      let inside = searches.get(knot);
      if (inside === undefined) {
        inside = new KnotSearch(cutter.cut(knot.members, graphs).graph, allowance);
        searches.set(knot, inside);
      }
      addOne(search, knot, inside, kind, order);
      for (const added of knot.types) types.add(added);
    }
  }
}

function addOne(
  search: DependencySearch,
  knot: Knot,
  inside: KnotSearch,
  kind: (typeof cycleClasses)[number],
  order: CycleOrder,
): void {
  if (withGeneral(knot.types).has(cycleTypeName(kind, order))) return;
  const local = inside.find(kind, order);
  if (local === null) return;
  const cycle = { nodes: local.nodes.map((node) => knot.members[node]!), kinds: local.kinds };
  knot.types.add(cycleType(cycle));
  addCycle(search, cycle);
}

function addCycle({ named, evidence, words }: DependencySearch, cycle: DependencyCycle): void {
  const [first = 0, ...others] = cycle.nodes.map((node) => rowOf(named, node));
  const proof = (): ToldProof => cycleProof(named, cycle, words);
  evidence.add({ type: cycleType(cycle), key: -1, rows: [first, ...others], proof });
}

/** Of the kinds given those that speak of dependencies between transactions. */
function dependencyTypes(types: Iterable<string>): string[] {
  return [...types].filter(
    (type) => type === "lost-update" || cycleClasses.some((name) => type.startsWith(name)),
  );
}
