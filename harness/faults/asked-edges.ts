import type { Json } from "../../checkers/history/operation.ts";
import type { Fault } from "./fault.ts";
import type { RealFaultPort } from "./real-fault-port.ts";
import type { Direction } from "./wire-fault.ts";

/**
 * The edges on which a fault would act in the real lane: those that it asks a system for that has none, which it then
 * refuses. Nothing is injected. None where it acts on something else, or the lane cannot have it.
 */
export function askedEdges(fault: Fault<Json>, params: Json): readonly Direction[] {
  const { real, needs } = fault;
  if (typeof real !== "function" || !needs.includes("proxies")) return [];
  const asked: Direction[] = [];
  const nothing = (): never => {
    throw new TypeError("only edges are asked for");
  };
  const port: RealFaultPort = {
    nodes: (name) => [name],
    edges: (from, to) => {
      asked.push({ from, to });
      return [];
    },
    process: nothing,
    postgres: nothing,
    kafka: nothing,
    clockFile: nothing,
    journal: nothing,
    sleep: async () => {},
  };
  try {
    // Edges are asked for before anything is awaited.
    real(port, params).catch(() => {});
  } catch {
    // The same, from a fault that is no asynchronous function.
  }
  return asked;
}
