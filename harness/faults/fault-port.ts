import type { Interceptor } from "../sim/network.ts";

/** What a fault may do to a running system. */
export interface FaultPort {
  /**
   * The nodes that a name in a plan stands for: `clients` is every client, anything else is itself.
   * Throws `FaultlineError` `bad-plan` when there is no such node.
   */
  nodes(name: string): readonly string[];
  /** Looks at every message from one node to another; the answer takes the interceptor off. */
  intercept(from: string, to: string, interceptor: Interceptor): () => void;
  /** Is this service or store running? Throws `FaultlineError` `bad-plan` when there is no such process. */
  isUp(process: string): boolean;
  /** Kills a process at once; false if it was down already. */
  crash(process: string): boolean;
  /** Starts it again, unless it is up. */
  restart(process: string): void;
}
