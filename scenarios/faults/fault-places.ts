import * as fc from "fast-check";
import type { TopicDelivery } from "../../reference-impl/systems/topic-delivery.ts";

/** A way that messages take: who asks whom. */
export interface FaultEdge {
  /** `clients`, or a service. */
  readonly from: string;
  /** A service or a store. */
  readonly to: string;
  /** What is spoken on it; `sql-reads`: to PostgreSQL, without a COMMIT that a fault could wait for. */
  readonly speaks: "http" | "sql" | "sql-reads" | "documents" | "bus";
  /** How often it is hit, beside the others: a whole number, 1 unless given. */
  readonly weight?: number;
}

/** Where the faults of a system may strike. */
export interface FaultPlaces {
  readonly edges: readonly [FaultEdge, ...FaultEdge[]];
  /** Services and stores that may crash, and come back with what they had stored; named twice, twice as often. */
  readonly processes: readonly [string, ...string[]];
  readonly deliveries?: readonly TopicDelivery[];
  /** Services that look at the time of day again and again. */
  readonly clocks?: readonly string[];
  /** Services that are judged by how long they take: they are not paused. */
  readonly unpaused?: readonly string[];
}

/** Draws an edge, each by its weight, then what is to happen on it; null where there is none. */
export function onSomeEdge<Params>(
  edges: readonly FaultEdge[],
  params: (edge: FaultEdge) => fc.Arbitrary<Params>,
): fc.Arbitrary<Params> | null {
  if (edges.length === 0) return null;
  return fc.oneof(...edges.map((edge) => ({ weight: edge.weight ?? 1, arbitrary: params(edge) })));
}

/** The edges on which one of these languages is spoken. */
export function edgesSpeaking(
  edges: readonly FaultEdge[],
  ...languages: readonly FaultEdge["speaks"][]
): readonly FaultEdge[] {
  return edges.filter(({ speaks }) => languages.includes(speaks));
}

/** The services among the processes: those that ask others, or are asked in HTTP. */
export function servicesOf({ edges, processes }: FaultPlaces): readonly string[] {
  const services = new Set(
    edges.flatMap(({ from, to, speaks }) => (speaks === "http" ? [from, to] : [from])),
  );
  return [...new Set(processes)].filter((process) => services.has(process));
}
