import { REALTIME, RW, SESSION, WR } from "./dependency-graph.ts";

/**
 * A cycle of transactions, each once: relation `kinds[i]` leads from `nodes[i]` to the one after it, the
 * last one leads back to the first.
 */
export interface DependencyCycle {
  readonly nodes: readonly number[];
  readonly kinds: readonly number[];
}

/**
 * The kind of anomaly that a cycle is, by Adya's and Elle's names: G0 (writes only), G1c (with reads),
 * G-single-item (one anti-dependency), G-nonadjacent-item (several, no two in a row), G2-item; with
 * `-process` where it needs the order of a session and `-realtime` where it needs that of time.
 */
export function cycleType({ kinds }: DependencyCycle): string {
  let overwritten = 0;
  let isAdjacent = false;
  let hasRead = false;
  let order = "";
  for (let at = 0; at < kinds.length; at++) {
    const kind = kinds[at]!;
    if (kind === RW) {
      overwritten++;
      if (kinds[(at + 1) % kinds.length] === RW) isAdjacent = true;
    } else if (kind === WR) hasRead = true;
    else if (kind === REALTIME) order = "-realtime";
    else if (kind === SESSION && order === "") order = "-process";
  }
  if (overwritten === 1) return `G-single-item${order}`;
  if (overwritten > 1) return `${isAdjacent ? "G2-item" : "G-nonadjacent-item"}${order}`;
  return `${hasRead ? "G1c" : "G0"}${order}`;
}

/**
 * The same cycle without what says the same twice: steps in the order of sessions or time that follow each
 * other are one step, and of a cycle that passes a transaction twice the shorter loop that is still as bad
 * is left. Starts at its smallest number. Linear but for such loops.
 */
export function tidied(cycle: DependencyCycle): DependencyCycle {
  return rotated(merged(untangled(cycle)));
}

/** Cuts loops off a walk in which no two anti-dependencies follow each other, so that this stays true. */
function untangled({ nodes, kinds }: DependencyCycle): DependencyCycle {
  const seen = new Map<number, number>();
  for (let at = 0; at < nodes.length; at++) {
    const before = seen.get(nodes[at]!);
    if (before === undefined) {
      seen.set(nodes[at]!, at);
      continue;
    }
    const inner = { nodes: nodes.slice(before, at), kinds: kinds.slice(before, at) };
    const outer = {
      nodes: [...nodes.slice(0, before), ...nodes.slice(at)],
      kinds: [...kinds.slice(0, before), ...kinds.slice(at)],
    };
    const [first, second] = [untangled(inner), untangled(outer)];
    return rank(first) <= rank(second) ? first : second;
  }
  return { nodes, kinds };
}

/** The worse the smaller; among equals the shorter. */
function rank(cycle: DependencyCycle): number {
  const type = cycleType(cycle);
  const base = ["G0", "G1c", "G-single-item", "G-nonadjacent-item", "G2-item"];
  return base.findIndex((name) => type.startsWith(name)) * 1e9 + cycle.nodes.length;
}

function isOrder(kind: number): boolean {
  return kind === SESSION || kind === REALTIME;
}

function merged({ nodes, kinds }: DependencyCycle): DependencyCycle {
  const start = kinds.findIndex((kind) => !isOrder(kind));
  if (start < 0) return { nodes, kinds };
  const keptNodes: number[] = [];
  const keptKinds: number[] = [];
  for (let step = 0; step < kinds.length; step++) {
    const at = (start + step) % kinds.length;
    const kind = kinds[at]!;
    const last = keptKinds.length - 1;
    if (isOrder(kind) && last >= 0 && isOrder(keptKinds[last]!)) {
      if (kind === REALTIME) keptKinds[last] = REALTIME;
      continue;
    }
    keptNodes.push(nodes[at]!);
    keptKinds.push(kind);
  }
  return { nodes: keptNodes, kinds: keptKinds };
}

function rotated({ nodes, kinds }: DependencyCycle): DependencyCycle {
  let least = 0;
  for (let at = 1; at < nodes.length; at++) if (nodes[at]! < nodes[least]!) least = at;
  return {
    nodes: [...nodes.slice(least), ...nodes.slice(0, least)],
    kinds: [...kinds.slice(least), ...kinds.slice(0, least)],
  };
}
