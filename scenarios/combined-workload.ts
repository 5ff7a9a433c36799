import * as fc from "fast-check";
import { fieldOf } from "../checkers/history/json-value.ts";
import type { Json } from "../checkers/history/operation.ts";
import type { Client, Workload } from "../harness/run/scenario.ts";

/** A workload that is one of several in a run. */
export interface WorkloadPart {
  readonly workload: Workload;
  /** How often its calls are drawn, compared with those of the others. */
  readonly weight: number;
  /** The services that its calls go to; no other part's calls do. */
  readonly nodes: readonly string[];
}

/** A call of one of the parts. */
export type CombinedCall = { readonly part: string; readonly call: Json };

/** Names a workload of another call type as a part. */
export function workloadPart<Call extends Json>(
  workload: Workload<Call>,
  weight: number,
  nodes: readonly string[],
): WorkloadPart {
  // A part is only handed calls that it drew, or that a plan file holds under its name.
  return { workload: workload as unknown as Workload, weight, nodes };
}

/**
 * Several workloads in one: each client mixes the calls of all of them. Preparations and final reads follow each other,
 * idle clients go round, and it is quiet once it is for every part.
 *
 * @throws RangeError where two parts call the same service: then nobody could tell whose call it is.
 */
export function combinedWorkload(
  parts: Readonly<Record<string, WorkloadPart>>,
  bounds: Pick<Workload, "clients" | "operationsPerClient" | "thinkMsMax">,
): Workload<CombinedCall> {
  const entries = Object.entries(parts);
  const ofNode = new Map(entries.flatMap(([name, { nodes }]) => nodes.map((node) => [node, name] as const)));
  if (ofNode.size < entries.reduce((sum, [, { nodes }]) => sum + nodes.length, 0)) {
    throw new RangeError("combinedWorkload: expected that each service is called by one part");
  }
  const named = (part: string) => {
    const found = parts[part];
    if (found === undefined) throw new RangeError(`combinedWorkload: there is no part "${part}"`);
    return found.workload;
  };
  const tagged = (part: string) => (call: Json) => ({ part, call });
  return {
    ...bounds,
    call: fc.oneof(
      ...entries.map(([name, { workload, weight }]) => ({
        arbitrary: workload.call.map(tagged(name)),
        weight,
      })),
    ),
    preparation: entries.flatMap(([name, { workload }]) => workload.preparation.map(tagged(name))),
    idle: (client, round) => {
      // Clients begin at different parts, so that every edge has some traffic at any time.
      const [name = ""] = entries[(client + round) % entries.length] ?? [];
      return { part: name, call: named(name).idle(client, Math.floor(round / entries.length)) };
    },
    finalReads: (plan) =>
      entries.flatMap(([name, { workload }]) => {
        const clients = plan.clients.map((operations) =>
          operations.flatMap((operation) =>
            fieldOf(operation.call, "part") === name
              ? [{ ...operation, call: fieldOf(operation.call, "call") ?? null }]
              : [],
          ),
        );
        return workload.finalReads({ ...plan, clients }).map(tagged(name));
      }),
    isQuiet: async (client: Client) => {
      for (const [, { workload }] of entries) {
        if (workload.isQuiet !== undefined && !(await workload.isQuiet(client))) return false;
      }
      return true;
    },
    invocation: ({ part, call }, session) => named(part).invocation(call, session),
    perform: (asked, client) => named(ofNode.get(asked.node) ?? "").perform(asked, client),
  };
}
