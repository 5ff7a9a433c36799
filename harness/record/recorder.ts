import type {
  FaultEvent,
  HistoryEvent,
  Json,
  Operation,
  PhaseEvent,
  PhaseName,
} from "../../checkers/history/operation.ts";
import type { Invocation, Outcome } from "../run/outcome.ts";

/** What is known of a fault when it is injected or healed. */
export type FaultNotice = Omit<FaultEvent, "index" | "time" | "type">;

/** An invocation whose outcome is still to come. */
export interface OpenCall {
  readonly client: number;
  readonly process: number;
  readonly invocation: Invocation;
  readonly final: boolean;
}

/**
 * Writes down what happens, in order, on one clock. Each client starts as the process of its own
 * number; after an `info` it goes on under a number that nobody had before, since the operation whose
 * outcome is unknown stays open for ever.
 */
export class Recorder {
  readonly events: HistoryEvent[] = [];
  readonly #nowNs: () => number;
  readonly #onEvent: (event: HistoryEvent) => void;
  readonly #processes: number[];

  /** `onEvent` is told of every event as it happens, so that it can be written out at once. */
  constructor(clients: number, nowNs: () => number, onEvent: (event: HistoryEvent) => void = () => {}) {
    this.#nowNs = nowNs;
    this.#onEvent = onEvent;
    this.#processes = Array.from({ length: clients }, (_, client) => client);
  }

  /** A client asks for something. */
  invoke(client: number, invocation: Invocation, final: boolean): OpenCall {
    const call: OpenCall = { client, process: this.#processes[client] ?? client, invocation, final };
    this.#add(this.#operation(call, "invoke", invocation.value, undefined));
    return call;
  }

  /** What became of it. */
  complete(call: OpenCall, outcome: Outcome): void {
    const error = outcome.type === "ok" ? undefined : outcome.error;
    const value = outcome.value === undefined ? call.invocation.value : outcome.value;
    this.#add(this.#operation(call, outcome.type, value, error));
    if (outcome.type === "info") this.#processes[call.client] = call.process + this.#processes.length;
  }

  /** A fault was injected or healed. */
  fault(notice: FaultNotice): void {
    this.#add({ ...this.#stamp(), type: "fault", ...notice });
  }

  /** Something was seen at a node: by a service at once, or at the very end in its store (`final`). */
  record(node: string, f: string, key: string, value: Json, final = false): void {
    this.#add({ ...this.#stamp(), type: "record", f, key, node, value, ...(final ? { final } : {}) });
  }

  /** A phase of the run began. */
  phase(phase: PhaseName): void {
    const event: PhaseEvent = { ...this.#stamp(), type: "phase", phase };
    this.#add(event);
  }

  #operation(
    call: OpenCall,
    type: Operation["type"],
    value: Operation["value"],
    error: Operation["error"],
  ): Operation {
    const { f, key, node } = call.invocation;
    return {
      ...this.#stamp(),
      process: call.process,
      client: call.client,
      type,
      f,
      ...(key === undefined ? {} : { key }),
      ...(value === undefined ? {} : { value }),
      ...(error === undefined ? {} : { error }),
      node,
      ...(call.final ? { final: true } : {}),
    };
  }

  #stamp(): { index: number; time: number } {
    return { index: this.events.length, time: this.#nowNs() };
  }

  #add(event: HistoryEvent): void {
    this.events.push(event);
    this.#onEvent(event);
  }
}
