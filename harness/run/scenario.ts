import type { Arbitrary } from "fast-check";
import type { Anomaly, Checker } from "../../checkers/checker.ts";
import type { HistoryEvent, Json } from "../../checkers/history/operation.ts";
import type { FaultChoice } from "../faults/fault.ts";
import type { Clock } from "../time/clock.ts";
import type { Invocation, Outcome } from "./outcome.ts";
import type { Plan } from "./plan.ts";
import type { ServiceFetch, StoreClients, SystemDefinition } from "./system.ts";

/** `hardened`, `textbook`, or one safety mechanism of the hardened form switched off. */
export type FormName = "hardened" | "textbook" | `defect:${string}`;

/** An anomaly that a form must show: any of these types, reported by this checker. */
export interface ExpectedAnomaly {
  readonly checker: string;
  readonly types: readonly [string, ...string[]];
}

/** One thing that is wrong with a form, and the anomaly by which it is seen: any of the types. */
export interface Flaw extends ExpectedAnomaly {
  /** What is wrong, in words. */
  readonly flaw: string;
  /**
   * For an anomaly that other flaws of the form show too: is it this flaw that is seen here? Without it each
   * anomaly of the types counts. Pure; it looks at the events of the run.
   */
  isSeenIn?(anomaly: Anomaly, events: readonly HistoryEvent[]): boolean;
}

/** One form of the system under test. */
export interface Form {
  readonly name: FormName;
  /** What the form does, in a sentence. For a defect: which safety mechanism is missing. */
  readonly summary: string;
  /** The fault or interleaving that shows it, in words. Empty for `hardened`. */
  readonly needs: string;
  /** Empty for `hardened`: nothing may be found. Otherwise at least one of these must be found. */
  readonly expects: readonly ExpectedAnomaly[];
  /**
   * Each of these must be found within the runs of the sim lane; in the real lane, where runs are few, one of
   * them. Their anomalies are among those that the form expects.
   */
  readonly flaws?: readonly Flaw[];
  /** Builds the system anew for every run: nothing is shared between runs. */
  system(): SystemDefinition;
}

/** What a client remembers between its operations, such as the versions that it saw. */
export type Session = Map<string, Json>;

/** A client as the workload sees it. */
export interface Client {
  /** 0, 1, 2, … */
  readonly number: number;
  readonly session: Session;
  readonly clock: Clock;
  /** Calls a service as this client, through the network. Rejects when the connection fails. */
  readonly fetch: ServiceFetch;
}

/** What clients do. `Call` is the workload's own plain data. */
export interface Workload<Call extends Json = Json> {
  readonly clients: { readonly min: number; readonly max: number };
  readonly operationsPerClient: { readonly min: number; readonly max: number };
  /** The longest pause before an operation, in virtual milliseconds. */
  readonly thinkMsMax: number;
  /** Draws one operation. */
  readonly call: Arbitrary<Call>;
  /** Performed by one client before the load, without faults. */
  readonly preparation: readonly Call[];
  /**
   * What a client does for the `round`th time after its own operations, to keep traffic flowing while a
   * fault has not bitten yet: best a write, since some faults hit nothing but the end of a transaction.
   */
  idle(client: number, round: number): Call;
  /**
   * Performed after everything was healed; recorded as final reads. Repeated until each has succeeded.
   * The plan holds every operation that was performed, idle ones included.
   */
  finalReads(plan: Plan): readonly Call[];
  /**
   * Asked again and again while the system settles, until it is true or `limits.settleMs` is over: has all
   * background work ended? Without it the settling always lasts `limits.settleMs`. A rejection counts as no.
   */
  isQuiet?(client: Client): Promise<boolean>;
  /** What the client will ask for, given what it remembers. Pure. */
  invocation(call: Call, session: Session): Invocation;
  /** Performs the call. A rejection that is no connection error is a harness error. */
  perform(invocation: Invocation, client: Client): Promise<Outcome>;
}

/** What an inspection found in a store: becomes a line of the type `record` with `final`. */
export interface InspectedRecord {
  /** The kind of record, such as `effect`. */
  readonly f: string;
  readonly key: string;
  /** The store or service that it was found at. */
  readonly node: string;
  readonly value: Json;
}

/**
 * Bounds of one run, in the time of its lane; the real lane bounds the whole run by itself and settles for
 * 10 s at most. Exceeding one is a harness error, never an anomaly.
 */
export interface ScenarioLimits {
  readonly loadMs: number;
  readonly settleMs: number;
  /** A client gives a call up after this long: the outcome is `info`. */
  readonly callTimeoutMs: number;
}

/** A claim, a system in several forms, a workload, faults, and the checkers that decide. */
export interface Scenario {
  /** Kebab-case, says the claim: `acknowledged-updates-are-kept`. */
  readonly name: string;
  /** The promise in one sentence. */
  readonly claim: string;
  /** What a green run does not show, in plain words. */
  readonly notTested: readonly string[];
  /** The rows of the pattern catalogue: `10 Optimistic locking`. */
  readonly patterns: readonly string[];
  readonly forms: readonly Form[];
  readonly workload: Workload;
  /** Each run draws up to `faultsMax` of these. */
  readonly faults: readonly FaultChoice[];
  readonly faultsMax: number;
  readonly checkers: readonly Checker[];
  readonly limits: ScenarioLimits;
  /**
   * Reads, past all faults and services, what the stores hold in the end: the truth that checkers of
   * sagas, deliveries and projections need. Runs after the final reads.
   */
  inspect?(stores: StoreClients): Promise<readonly InspectedRecord[]>;
  /** The forms that the real lane runs unless one is named. Without it: all of them. */
  readonly real?: readonly FormName[];
  /** Set by `--without-fault`: faults that are left out on request, as `process-crash@stores`. */
  readonly withoutFaults?: readonly string[];
}

/** A scenario whose workload's own call type is known; the type is erased where scenarios are collected. */
export function defineScenario<Call extends Json>(
  scenario: Omit<Scenario, "workload"> & { readonly workload: Workload<Call> },
): Scenario {
  // The harness only hands a workload calls that this workload drew, or calls of a plan file that look like them.
  return scenario as unknown as Scenario;
}
