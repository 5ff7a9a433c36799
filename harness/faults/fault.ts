import type { Arbitrary } from "fast-check";
import type { Json } from "../../checkers/history/operation.ts";
import type { FaultPort, PostgresFaults } from "./fault-port.ts";
import type { RealFaultPort } from "./real-fault-port.ts";

/** A fault that is on. To dispose is to heal; healing twice is harmless. */
export interface ActiveFault extends Disposable {
  /** How many messages, statements or processes it touched so far. */
  bites(): number;
  /** Why it has touched nothing so far, in words, where it can tell; null where it cannot. */
  idleBecause?(): string | null;
}

/** A fault that is on in the real lane. Healing twice is harmless. */
export interface ActiveRealFault {
  /** How many connections, messages, statements or processes it touched so far. */
  bites(): Promise<number>;
  heal(): Promise<void>;
}

/** Injects a fault into a system of the real lane; settles when it is on. */
export type RealInjection<Params extends Json> = (
  port: RealFaultPort,
  params: Params,
) => Promise<ActiveRealFault>;

/** Why a lane cannot have a fault. */
export interface Impossible {
  readonly impossible: string;
}

/**
 * What the real lane needs for a fault: proxies on the edges; processes of its own to signal; a
 * PostgreSQL superuser; leave to end sessions of the services; every connection of a PostgreSQL server for
 * itself; an administrator's access to Kafka; libfaketime under the services.
 */
export type FaultNeed =
  | "proxies"
  | "processes"
  | "postgres-superuser"
  | "postgres-sessions"
  | "postgres-slots"
  | "kafka-admin"
  | "libfaketime";

/** What tells whether a fault can be injected now, in either lane. */
export interface FaultReadiness extends Pick<FaultPort, "isUp" | "isServing"> {
  postgres(store: string): Pick<PostgresFaults, "hasBackend">;
}

/** One kind of fault: what it does, how it is drawn, checked and injected. */
export interface Fault<Params extends Json> {
  /** Kebab-case: `link-partition`. */
  readonly name: string;
  /** What it does to which edge or process, in a sentence. */
  readonly does: string;
  /** How it heals, in a sentence. */
  readonly heals: string;
  /** What counts as a bite, in a few words. */
  readonly bite: string;
  /** Reads parameters from a plan. Throws `FaultlineError` `bad-plan` that names the field. */
  parse(params: unknown): Params;
  /** What is hit, in words, for the history and the report. */
  target(params: Params): string;
  /**
   * The processes that it kills, pauses or stops, by the names of their services and stores. Those of stores
   * are not to be had on every substrate. Absent: none that could be a store's.
   */
  processes?(params: Params): readonly string[];
  /** Can it be injected now? Where this is there and says no, the injection waits. */
  ready?(port: FaultReadiness, params: Params): boolean;
  /** Injects it in the sim lane. Throws `impossible-fault` where `sim` says that it cannot be. */
  inject(port: FaultPort, params: Params): ActiveFault;
  /** Where this is there, the sim lane cannot have the fault. */
  readonly sim?: Impossible;
  /** Injects it in the real lane, or why that cannot be. */
  readonly real: RealInjection<Params> | Impossible;
  /** What the real lane needs for it. */
  readonly needs: readonly FaultNeed[];
}

/** How often a fault is drawn beside others: a usual one four times as often as a rare one. */
export type FaultFrequency = "usual" | "rare";

/** A fault that a scenario may draw, with its parameters. The type of the parameters is erased. */
export interface FaultChoice {
  readonly fault: Fault<Json>;
  readonly params: Arbitrary<Json>;
  /** Usual unless given. */
  readonly frequency?: FaultFrequency;
}

/** Joins a fault and an arbitrary of its parameters. */
export function faultChoice<Params extends Json>(
  fault: Fault<Params>,
  params: Arbitrary<Params>,
  frequency: FaultFrequency = "usual",
): FaultChoice {
  // Safe: parameters only reach the fault through its own `parse`.
  return { fault: fault as unknown as Fault<Json>, params, frequency };
}
