import type { Profiler } from "node:inspector";

/** A part of the program and its share of the samples, from 0 to 1. */
export interface AreaShare {
  readonly area: string;
  readonly share: number;
}

/** The first whose part of a path is found in the file's address names the area. */
const AREAS: readonly (readonly [area: string, ...paths: string[]])[] = [
  ["query building (kysely)", "/node_modules/kysely/"],
  ["Kafka client (kafkajs)", "/node_modules/kafkajs/"],
  ["HTTP (hono, requests and responses)", "/node_modules/hono/", "/sim/sim-fetch.", "/sim/light-"],
  ["model stores", "/sim/postgres", "/sim/mongodb/", "/sim/kafka/", "/sim/redis/", "/sim/store-"],
  ["services", "/reference-impl/", "/node_modules/valibot/"],
  ["checkers and history", "/checkers/", "/harness/record/", "/run/judge-history."],
  ["plan drawing (fast-check)", "/node_modules/fast-check/", "/run/draw-plan.", "/run/plan-"],
  ["scheduler, network, clocks", "/harness/sim/", "/harness/random/", "/node_modules/pure-rand/"],
  ["scenario, phases, faults", "/harness/", "/scenarios/"],
];
const GARBAGE = "garbage collector";
const NODE = "promises and ticks (Node)";

/**
 * Shares of the areas in a profile's samples, largest first. What a function of Node or of the language
 * itself takes counts for the code that called it. Idle time is left out.
 */
export function profileAreas(profile: Profiler.Profile): readonly AreaShare[] {
  const areas = areasOfNodes(profile.nodes);
  const sums = new Map<string, number>();
  let total = 0;
  for (const [position, id] of (profile.samples ?? []).entries()) {
    const area = areas.get(id) ?? null;
    if (area === null) continue;
    const weight = Math.max(0, profile.timeDeltas?.[position] ?? 0);
    sums.set(area, (sums.get(area) ?? 0) + weight);
    total += weight;
  }
  return [...sums].map(([area, sum]) => ({ area, share: sum / total })).sort((a, b) => b.share - a.share);
}

/** Null: not work of the program. */
function areasOfNodes(nodes: readonly Profiler.ProfileNode[]): Map<number, string | null> {
  const callers = new Map<number, Profiler.ProfileNode>();
  for (const node of nodes) for (const child of node.children ?? []) callers.set(child, node);
  const areas = new Map<number, string | null>();
  for (const node of nodes) areas.set(node.id, areaOf(node, callers));
  return areas;
}

function areaOf(
  node: Profiler.ProfileNode,
  callers: ReadonlyMap<number, Profiler.ProfileNode>,
): string | null {
  const { functionName } = node.callFrame;
  if (functionName === "(idle)" || functionName === "(program)") return null;
  if (functionName === "(garbage collector)") return GARBAGE;
  for (let at: Profiler.ProfileNode | undefined = node; at !== undefined; at = callers.get(at.id)) {
    const { url } = at.callFrame;
    const known = AREAS.find(([, ...paths]) => paths.some((path) => url.includes(path)));
    if (known !== undefined) return known[0];
  }
  return NODE;
}
