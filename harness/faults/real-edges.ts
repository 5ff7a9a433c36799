import { FaultlineError } from "../faultline-error.ts";
import type { EdgeStream, EdgeTraffic, ProxyEdge, ToxicSpec } from "../real/network/proxy-edge.ts";
import type { ActiveRealFault } from "./fault.ts";
import type { RealFaultPort } from "./real-fault-port.ts";
import type { Direction } from "./wire-fault.ts";

/** An edge and the direction of its bytes. */
export interface EdgeDirection {
  readonly edge: ProxyEdge;
  readonly stream: EdgeStream;
}

/**
 * What travels from one node to another: the requests of the edges on which `from` connects to `to`,
 * and the answers of those on which `to` connects to `from`. Throws `bad-plan` where there are none.
 */
export function edgeDirections(
  port: RealFaultPort,
  directions: readonly Direction[],
): readonly EdgeDirection[] {
  const found = directions.flatMap(({ from, to }) => [
    ...port.edges(from, to).map((edge) => ({ edge, stream: "upstream" as const })),
    ...port.edges(to, from).map((edge) => ({ edge, stream: "downstream" as const })),
  ]);
  if (found.length === 0) throw noEdge(directions);
  return found;
}

/** The edges on which `from` connects to `to`. Throws `bad-plan` where there are none. */
export function edgesOf(port: RealFaultPort, from: string, to: string): readonly ProxyEdge[] {
  const found = port.edges(from, to);
  if (found.length === 0) throw noEdge([{ from, to }]);
  return found;
}

/**
 * Arms a toxic on each of the directions. `touched` says from an edge's traffic before and now how
 * often the toxic had something to work on. Where arming fails half-way, what was armed is taken off.
 */
export async function toxicFault(
  directions: readonly EdgeDirection[],
  toxicOf: (stream: EdgeStream) => ToxicSpec,
  touched: Touched = piecesInto,
): Promise<ActiveRealFault> {
  const armed: { readonly remove: () => Promise<void>; readonly bites: () => number }[] = [];
  const heal = async () => {
    for (const { remove } of armed) await remove();
  };
  try {
    // One at a time, as the proxy server wants it.
    for (const { edge, stream } of directions) {
      const before = edge.traffic();
      const toxic = await edge.addToxic(toxicOf(stream));
      let last: number | null = null;
      armed.push({
        bites: () => last ?? touched(before, edge.traffic(), stream),
        remove: async () => {
          last ??= touched(before, edge.traffic(), stream);
          await toxic.remove();
        },
      });
    }
  } catch (error) {
    await heal();
    throw error;
  }
  return { bites: async () => armed.reduce((sum, { bites }) => sum + bites(), 0), heal };
}

/** How often a toxic had something to work on, from the traffic of its edge before and now. */
export type Touched = (before: EdgeTraffic, now: EdgeTraffic, stream: EdgeStream) => number;

/**
 * What went into a toxic that lets nothing through, or late: requests are counted as they go in.
 * Answers are held behind the point where they could be counted, so requests that went in meanwhile
 * count for them, and what comes through; unless the server's end is watched too.
 */
export const piecesInto: Touched = (before, now, stream) => {
  if (stream === "upstream") return now.piecesUp - before.piecesUp;
  if (now.sentDown !== null) return now.sentDown - (before.sentDown ?? 0);
  return Math.max(now.piecesUp - before.piecesUp, now.piecesDown - before.piecesDown);
};

/** What came through a toxic that lets everything through in its own way. */
export const piecesThrough: Touched = (before, now, stream) =>
  stream === "upstream" ? now.piecesUp - before.piecesUp : now.piecesDown - before.piecesDown;

function noEdge(directions: readonly Direction[]): FaultlineError {
  const pairs = directions.map(({ from, to }) => `${from} and ${to}`).join(", ");
  return new FaultlineError(
    "usage",
    "bad-plan",
    `There is no connection between ${pairs}, so a fault on it can do nothing.`,
    "Name two nodes of which one calls the other.",
  );
}
