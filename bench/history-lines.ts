import type { HistoryEvent, Json, Operation } from "../checkers/history/operation.ts";

/** Writes events down with rising indexes, a microsecond apart. */
export class HistoryLines {
  #index = 0;

  /** A call and its answer, which is right. */
  call(
    client: number,
    f: string,
    key: string,
    asked: Json | undefined,
    answered: Json | undefined,
  ): HistoryEvent[] {
    return [this.#line(client, "invoke", f, key, asked), this.#line(client, "ok", f, key, answered)];
  }

  /** A record of a service or a store. */
  record(f: string, key: string, node: string, value: Json, final: boolean): HistoryEvent {
    const index = this.#index++;
    return { index, time: index * 1000, type: "record", f, key, node, value, ...(final ? { final } : {}) };
  }

  #line(
    client: number,
    type: Operation["type"],
    f: string,
    key: string,
    value: Json | undefined,
  ): HistoryEvent {
    const index = this.#index++;
    const stamp = { index, time: index * 1000, process: client, client };
    return { ...stamp, type, f, key, ...(value === undefined ? {} : { value }) };
  }
}
