import type { Clock } from "../time/clock.ts";
import type { ServiceFetch, StoreClients } from "./system.ts";

/** A node from which a client calls services. */
export interface ClientNode {
  readonly clock: Clock;
  readonly fetch: ServiceFetch;
}

/** The faults of a plan, as the phases of a run see them. */
export interface FaultTimetable {
  /** Is there a fault that was, or is still to be, injected and has not bitten yet? */
  readonly waiting: boolean;
  /** Called at each invocation of the load, before anything is sent. */
  invoked(): void;
  /** Heals everything. Nothing is injected afterwards. */
  healAll(): void | Promise<void>;
}

/** What a run needs of the lane that it takes place in. */
export interface RunWorld {
  readonly faults: FaultTimetable;
  /** Creates tables, indexes and topics, and starts every service. */
  boot(): Promise<void>;
  /** The node of a client of the plan, by its number, or that of the keeper, who prepares and reads in the end. */
  client(client: number | "keeper"): ClientNode;
  /** Clients of every store that no fault can reach. */
  stores(): StoreClients;
  nowNs(): number;
  /**
   * How long a system must stay quiet before it counts as settled: longer than a request that its client
   * gave up, or a copy of one, can still be on its way or at work.
   */
  readonly quietForMs: number;
  /** `label` says what for, in the event log. */
  sleep(ms: number, label: string): Promise<void>;
  /** What follows is done on behalf of this operation of the plan, or of none (−1). */
  adopt(operation: number): void;
}
