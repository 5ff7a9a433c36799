import type { HistoryEvent, Json, Operation } from "../../checkers/history/operation.ts";

/** What a simulated client asks for. */
export interface SimulatedCall {
  readonly f: string;
  readonly key: string;
  readonly value?: Json;
  readonly final?: boolean;
}

/** Writes down what simulated clients do; a client gets a new process after an unknown outcome. */
export class EventLog {
  readonly events: HistoryEvent[] = [];
  readonly #clients: number;
  readonly #process: number[];

  constructor(clients: number) {
    this.#clients = clients;
    this.#process = Array.from({ length: clients }, (_, client) => client);
  }

  add(client: number, call: SimulatedCall, type: Operation["type"], value?: Json, code?: string): void {
    const index = this.events.length;
    this.events.push({
      index,
      time: index,
      process: this.#process[client]!,
      client,
      type,
      f: call.f,
      key: call.key,
      ...(value === undefined ? {} : { value }),
      ...(code === undefined ? {} : { error: { code } }),
      ...(call.final === true ? { final: true } : {}),
    });
    if (type === "info") this.abandon(client);
  }

  /** The client goes on as another process: its open call never ends. */
  abandon(client: number): void {
    this.#process[client] = this.#process[client]! + this.#clients;
  }
}
