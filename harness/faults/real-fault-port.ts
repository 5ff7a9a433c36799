import type { ProxyEdge } from "../real/network/proxy-edge.ts";
import type { WriteUndo } from "../real/network/undo.ts";

/** A process of the real lane: a service, or the server of a store. */
export interface RealProcess {
  /** Does it run? True for one that is paused. */
  isUp(): boolean;
  /** SIGKILL; settles when it is gone. Harmless when it is gone already. */
  kill(): Promise<void>;
  /** SIGSTOP. */
  pause(): Promise<void>;
  /** SIGCONT. */
  resume(): Promise<void>;
  /** SIGTERM, and SIGKILL where that is not enough; settles when it is gone. */
  stopGracefully(): Promise<void>;
  /** Starts it again; settles when it answers. Harmless when it is up. */
  start(): Promise<void>;
}

/** A PostgreSQL server of the real lane, reached past the proxies, as superuser. */
export interface RealPostgres {
  /** The database of the run: sessions in others are somebody else's. */
  readonly database: string;
  /** Runs one statement. */
  query(text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  /** Opens one more connection, which does nothing. Rejects with the server's error (code 53300: none is left). */
  open(): Promise<{ close(): Promise<void> }>;
}

/** A Kafka broker of the real lane, reached past the proxies. */
export interface RealKafka {
  /**
   * Sets what a group without members has committed back by up to `count` messages of each partition;
   * waits for the group to be empty. Answers how many messages will be delivered again.
   */
  rewind(group: string, topic: string, count: number): Promise<number>;
}

/** What a fault may do to a system of the real lane. Names are those that a plan uses. */
export interface RealFaultPort {
  /** The nodes that a name stands for; throws `FaultlineError` `bad-plan` when there is no such node. */
  nodes(name: string): readonly string[];
  /** The edges on which `from` connects to `to`; none where it does not. */
  edges(from: string, to: string): readonly ProxyEdge[];
  /** Throws `FaultlineError` `bad-plan` when there is no such process. */
  process(name: string): RealProcess;
  /** Throws `FaultlineError` `bad-plan` when there is no such store. */
  postgres(store: string): RealPostgres;
  /** Throws `FaultlineError` `bad-plan` when there is no such store. */
  kafka(store: string): RealKafka;
  /** The timestamp file of the libfaketime that the service was started with, or null. */
  clockFile(service: string): string | null;
  /** Writes down how to undo what is done next; the answer writes down that it is undone. */
  readonly journal: WriteUndo;
  sleep(ms: number): Promise<void>;
}
