import type { Interceptor } from "../sim/network.ts";

/** What faults may do to a PostgreSQL model. */
export interface PostgresFaults {
  /** Does this node have a session? */
  hasBackend(client: string): boolean;
  /**
   * Ends one session of a client node with 57P01: the one whose transaction is the oldest, else any.
   * False if it has none.
   */
  terminateBackend(client: string): boolean;
  /** Takes every free connection slot: new connections are refused with 53300 until it is disposed. */
  takeSlots(): Disposable & { refused(): number };
}

/** What faults may do to the model of a streaming replica. */
export interface ReplicaFaults {
  /** Replays nothing until it is resumed. */
  pauseReplay(): void;
  resumeReplay(): void;
  /** A commit is replayed this long after it happened, or later; 0 is the usual. */
  setApplyDelay(delayMs: number): void;
  /** Commits that are received and wait for their replay. */
  readonly waitingCommits: number;
  /** Commits of the primary so far. */
  readonly receivedCommits: number;
}

/** Something done to the deliveries of a Kafka model. To dispose is to end it. */
export interface DeliveryFault extends Disposable {
  bites(): number;
}

/** What faults may do to a Kafka model. */
export interface KafkaFaults {
  duplicateDelivery(topic: string, count: number): DeliveryFault;
  delayDelivery(topic: string, ms: number): DeliveryFault;
  reorderDelivery(topic: string, count: number): DeliveryFault;
}

/** What a fault may do to a running system of the sim lane. */
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
  /** Is it up, and does it accept connections? */
  isServing(process: string): boolean;
  /** Kills a process at once; false if it was down already. */
  crash(process: string): boolean;
  /** Starts it again, unless it is up. */
  restart(process: string): void;
  /** Stops a process in order: it accepts nothing more, finishes what it began, ends. False if it was down. */
  stop(process: string): boolean;
  /**
   * From now on nothing happens in the process: what comes waits. The answer lets it go on, in order,
   * and says how many messages and timers waited. Null if it is down or paused.
   */
  pause(process: string): PausedProcess | null;
  /** Moves the clock of a service forward or back by so much, relative to the true one. */
  setClockOffset(service: string, offsetMs: number): void;
  /** How often the service read a clock that was off. */
  clockReads(service: string): number;
  /** Throws `FaultlineError` `bad-plan` when there is no such PostgreSQL store; so do the following. */
  postgres(store: string): PostgresFaults;
  replica(store: string): ReplicaFaults;
  kafka(store: string): KafkaFaults;
  /** Virtual nanoseconds since the start. */
  now(): number;
  /** Calls back after so many virtual milliseconds, unless the answer is called before. */
  after(delayMs: number, run: () => void): () => void;
}

/** A process that is paused. */
export interface PausedProcess {
  /** How many messages and timers had to wait so far. */
  waited(): number;
  /** Harmless when it goes on already. */
  resume(): void;
}
