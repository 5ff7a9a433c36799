import type { FaultChoice } from "../../harness/faults/fault.ts";
import { deliveryFaults } from "./delivery-faults.ts";
import { edgeFaults } from "./edge-faults.ts";
import type { FaultPlaces } from "./fault-places.ts";
import { partitionShapes } from "./partition-shapes.ts";
import { processFaults } from "./process-faults.ts";

/**
 * Faults for a system of services and stores: each kind of fault on each edge, process and delivery where it makes
 * sense, each kind as often whatever the number of edges, the rarer kinds a quarter as often.
 */
export function systemFaults(places: FaultPlaces): readonly FaultChoice[] {
  return [
    ...processFaults(places),
    ...edgeFaults(places.edges),
    ...deliveryFaults(places.deliveries ?? []),
    ...partitionShapes(places.edges),
  ];
}
