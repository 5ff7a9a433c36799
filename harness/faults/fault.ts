import type { Arbitrary } from "fast-check";
import type { Json } from "../../checkers/history/operation.ts";
import type { FaultPort } from "./fault-port.ts";

/** A fault that is on. To dispose is to heal; healing twice is harmless. */
export interface ActiveFault extends Disposable {
  /** How many messages, statements or processes it touched so far. */
  bites(): number;
}

/** One kind of fault: what it does, how it is drawn, checked and injected. */
export interface Fault<Params extends Json> {
  /** Kebab-case: `link-partition`. */
  readonly name: string;
  /** What it does to which edge or process, in a sentence. */
  readonly does: string;
  /** How it heals, in a sentence. */
  readonly heals: string;
  /** Reads parameters from a plan. Throws `FaultlineError` `bad-plan` that names the field. */
  parse(params: unknown): Params;
  /** What is hit, in words, for the history and the report. */
  target(params: Params): string;
  /** Can it be injected now? Where this is there and says no, the injection waits. */
  ready?(port: FaultPort, params: Params): boolean;
  inject(port: FaultPort, params: Params): ActiveFault;
}

/** A fault that a scenario may draw, with its parameters. The type of the parameters is erased. */
export interface FaultChoice {
  readonly fault: Fault<Json>;
  readonly params: Arbitrary<Json>;
}

/** Joins a fault and an arbitrary of its parameters. */
export function faultChoice<Params extends Json>(
  fault: Fault<Params>,
  params: Arbitrary<Params>,
): FaultChoice {
  // Safe: parameters only reach the fault through its own `parse`.
  return { fault: fault as unknown as Fault<Json>, params };
}
