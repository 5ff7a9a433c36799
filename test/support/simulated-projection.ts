import type { HistoryEvent, Json } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "./choice-tape.ts";
import { EventLog } from "./event-log.ts";

interface LoggedEvent {
  readonly key: string;
  readonly position: number;
  readonly put: Json;
}

/**
 * Writes, an applier that may crash between applying and its checkpoint, readers; one choice in `bugEvery` is
 * wrong (0: never). After a crash it applies again what its checkpoint does not have, and so may show older states
 * once more, unless it `isIdempotent`. A millisecond an event.
 */
export function simulateProjection(tape: ChoiceTape, bugEvery: number, isIdempotent = false): HistoryEvent[] {
  return new ProjectionRun(tape, bugEvery, isIdempotent).run();
}

class ProjectionRun {
  readonly #tape: ChoiceTape;
  readonly #bugEvery: number;
  readonly #log = new EventLog(3);
  readonly #events: LoggedEvent[] = [];
  readonly #model = new Map<string, Json>();
  readonly #open: ({ readonly f: string; readonly key: string; answer: Json | undefined } | null)[] = [
    null,
    null,
    null,
  ];
  /** By key: position of the event that the model has. */
  readonly #positions = new Map<string, number>();
  readonly #isIdempotent: boolean;
  #applied = 0;
  #checkpoint = 0;

  constructor(tape: ChoiceTape, bugEvery: number, isIdempotent: boolean) {
    this.#tape = tape;
    this.#isIdempotent = isIdempotent;
    this.#bugEvery = bugEvery;
  }

  run(): HistoryEvent[] {
    while (!this.#tape.isUsedUp) this.#step();
    while (this.#applied < this.#events.length && !this.#bug()) this.#apply();
    for (const event of this.#events) this.#record("event", event.key, eventValue(event), true);
    for (const [key, state] of this.#model) {
      if (this.#bug()) continue;
      this.#record("projected", key, { state: this.#bug() ? this.#tape.below(4) : state }, true);
    }
    return this.#log.events.map((event) => ({ ...event, time: event.index * 1e6 }));
  }

  #step(): void {
    const tape = this.#tape;
    const choice = tape.below(6);
    if (choice === 0) this.#happen();
    else if (choice === 3) this.#saveOrCrash();
    else if (choice > 3) this.#read(tape.below(3));
    else if (this.#applied < this.#events.length) this.#apply();
  }

  #happen(): void {
    if (this.#events.length > 5) return;
    const put = this.#tape.once(4) ? null : this.#tape.below(4);
    const event = { key: this.#tape.pick(["a", "b"]), position: this.#events.length + 1, put };
    this.#events.push(event);
    if (!this.#tape.once(6)) this.#record("event", event.key, eventValue(event), false);
  }

  #apply(): void {
    const isSwapped = this.#applied + 1 < this.#events.length && this.#bug();
    if (isSwapped) this.#applyEvent(this.#events[this.#applied + 1]!);
    this.#applyEvent(this.#events[this.#applied++]!);
    if (isSwapped) this.#applied++;
    if (this.#bug()) this.#applied = this.#tape.below(this.#applied + 1);
  }

  #applyEvent(event: LoggedEvent): void {
    if (this.#isIdempotent && event.position <= (this.#positions.get(event.key) ?? 0)) return;
    this.#positions.set(event.key, event.position);
    if (this.#bug()) return;
    this.#model.set(event.key, this.#bug() ? this.#tape.below(5) : event.put);
    // A crash can come between the change and the record of it.
    if (!this.#tape.once(6)) this.#record("applied", event.key, { position: event.position }, false);
  }

  #saveOrCrash(): void {
    if (this.#tape.once(5)) {
      // The model is as durable as its checkpoint: both go back.
      this.#applied = this.#checkpoint;
      if (this.#bug()) this.#checkpoint = Math.max(0, this.#checkpoint - 1);
      return;
    }
    this.#checkpoint = this.#bug() ? this.#tape.below(this.#applied + 1) : this.#applied;
    if (this.#checkpoint > 0) this.#record("checkpoint", "shop", { position: this.#checkpoint }, false);
  }

  #read(client: number): void {
    const call = this.#open[client]!;
    if (call === null) {
      const next = { f: "read", key: this.#tape.pick(["a", "b"]), answer: undefined };
      this.#open[client] = next;
      this.#log.add(client, next, "invoke");
      return;
    }
    this.#open[client] = null;
    const old = this.#events.length > 0 && this.#bug() ? this.#tape.pick(this.#events).put : undefined;
    const shown = this.#bug() ? this.#tape.below(5) : (old ?? this.#model.get(call.key) ?? null);
    if (this.#tape.once(8)) this.#log.add(client, call, "info");
    else this.#log.add(client, call, "ok", shown);
  }

  #record(f: string, key: string, value: Json, final: boolean): void {
    const index = this.#log.events.length;
    const record = { index, time: index, type: "record", f, key, value } as const;
    const node = f === "event" || f === "checkpoint" ? {} : { node: "shop" };
    this.#log.events.push({ ...record, ...node, ...(final ? { final } : {}) });
  }

  #bug(): boolean {
    return this.#bugEvery > 0 && this.#tape.once(this.#bugEvery);
  }
}

function eventValue({ position, put }: LoggedEvent): Json {
  return put === null ? { position, remove: true } : { position, put };
}
