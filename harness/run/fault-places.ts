import type { Json } from "../../checkers/history/operation.ts";
import { askedEdges } from "../faults/asked-edges.ts";
import type { Fault } from "../faults/fault.ts";
import type { FaultPlace } from "../faults/impossible-faults.ts";
import { storeNames } from "./store-names.ts";
import type { SystemDefinition } from "./system.ts";

/** Answers whether a fault with these parameters hits a place. */
export type HitsPlace = (place: FaultPlace, fault: Fault<Json>, params: Json) => boolean;

/** Tells for systems whether a fault would hit the processes of their stores, or a way from a replica to its primary. */
export function placesOf(systems: readonly SystemDefinition[]): HitsPlace {
  const stores = new Set(systems.flatMap(storeNames));
  const ways = new Set(systems.flatMap(replicationWays));
  const hits: Readonly<Record<FaultPlace, (fault: Fault<Json>, params: Json) => boolean>> = {
    stores: (fault, params) => fault.processes?.(params).some((name) => stores.has(name)) ?? false,
    replication: (fault, params) =>
      ways.size > 0 && askedEdges(fault, params).some(({ from, to }) => ways.has(`${from} ${to}`)),
  };
  return (place, fault, params) => hits[place](fault, fault.parse(params));
}

/** As `replica primary`. */
function replicationWays({ stores }: SystemDefinition): string[] {
  return stores.flatMap((store) =>
    store.kind === "postgres" ? (store.replicas ?? []).map((replica) => `${replica} ${store.name}`) : [],
  );
}
