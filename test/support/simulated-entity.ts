import type { HistoryEvent, Json, Operation } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "./choice-tape.ts";

interface State {
  readonly version: number | null;
  readonly value: Json;
}

interface Call {
  readonly f: "read" | "create" | "update" | "delete";
  readonly key: string;
  /** `undefined`: an update whatever the version is. */
  readonly expected: number | null | undefined;
  readonly value: Json;
  /** What the store answered; null while the request is under way. */
  answer: { readonly type: "ok" | "fail"; readonly value?: Json; readonly code?: string } | null;
}

/** What a {@link simulateEntities} run is like. */
export interface EntitySimulation {
  readonly clients: number;
  readonly keys: number;
  /** One choice in so many breaks the store's rules; 0: never. */
  readonly bugEvery: number;
  /** May a read return an older state? */
  readonly staleReads: boolean;
  /** Are entities deleted, too, and do versions then go on to rise or start again when they are created anew? */
  readonly deletes?: "rise" | "restart";
  /** Do some updates not say which version they expect? */
  readonly unconditional?: boolean;
}

/**
 * A history of a versioned store, step by step as the tape chooses: requests arrive any time after they
 * were sent, those of unknown outcome also later or never. Without bugs every history is correct.
 */
export function simulateEntities(tape: ChoiceTape, simulation: EntitySimulation): HistoryEvent[] {
  return new EntityRun(tape, simulation).run();
}

class EntityRun {
  readonly #events: HistoryEvent[] = [];
  readonly #states = new Map<string, State[]>();
  readonly #open: (Call | null)[];
  readonly #process: number[];
  readonly #late: Call[] = [];
  readonly #tape: ChoiceTape;
  readonly #simulation: EntitySimulation;
  #values = 0;

  constructor(tape: ChoiceTape, simulation: EntitySimulation) {
    this.#tape = tape;
    this.#simulation = simulation;
    this.#open = Array.from({ length: simulation.clients }, () => null);
    this.#process = Array.from({ length: simulation.clients }, (_, client) => client);
    for (let key = 0; key < simulation.keys; key++) {
      const version = tape.pick([null, null, 1, 3]);
      this.#states.set(`k${key}`, [{ version, value: version === null ? null : "initial" }]);
    }
  }

  run(): HistoryEvent[] {
    while (!this.#tape.isUsedUp) this.#step();
    return this.#events;
  }

  #step(): void {
    const tape = this.#tape;
    const late = this.#late.length > 0 && tape.once(6) ? tape.pick(this.#late) : null;
    if (late !== null) {
      if (late.answer === null) this.#arrive(late);
      return;
    }
    const client = tape.below(this.#open.length);
    const call = this.#open[client]!;
    if (call === null) this.#invoke(client);
    else if (call.answer === null && tape.once(5)) this.#giveUp(client, call);
    else if (call.answer === null) this.#arrive(call);
    else if (tape.once(5)) this.#giveUp(client, call);
    else this.#answer(client, call);
  }

  #bug(): boolean {
    return this.#simulation.bugEvery > 0 && this.#tape.once(this.#simulation.bugEvery);
  }

  #current(key: string): State {
    return this.#states.get(key)!.at(-1)!;
  }

  #invoke(client: number): void {
    const tape = this.#tape;
    const key = `k${tape.below(this.#simulation.keys)}`;
    const states = this.#states.get(key)!;
    const isDelete = this.#simulation.deletes !== undefined && tape.once(5);
    const f = isDelete ? "delete" : tape.pick(["read", "update", "update", "create"] as const);
    const guess = tape.once(4) ? tape.pick(states).version : this.#current(key).version;
    const isBlind = this.#simulation.unconditional === true && f === "update" && tape.once(4);
    const expected = isBlind ? undefined : f === "update" ? (guess ?? (tape.once(2) ? null : 1)) : null;
    const value = f === "read" ? null : this.#newValue();
    const call: Call = { f, key, expected, value, answer: null };
    this.#open[client] = call;
    const asked =
      f === "read" || f === "delete"
        ? undefined
        : f === "create" || expected === undefined
          ? { value }
          : { expected, value };
    this.#add(client, call, "invoke", asked, undefined);
  }

  #newValue(): Json {
    return this.#tape.once(4) ? "same" : `v${this.#values++}`;
  }

  /** The request reaches the store, which answers at once. */
  #arrive(call: Call): void {
    const states = this.#states.get(call.key)!;
    const current = this.#current(call.key);
    if (call.f === "read") {
      const read = this.#simulation.staleReads ? this.#tape.pick(states) : current;
      const shown = this.#bug()
        ? { version: 1 + this.#tape.below(5), value: this.#newValue() }
        : read.version === null
          ? null
          : { version: read.version, value: read.value };
      call.answer = { type: "ok", value: shown };
      return;
    }
    if (call.f === "delete") {
      if (!this.#bug()) states.push({ version: null, value: null });
      call.answer = { type: "ok" };
      return;
    }
    const isBlind = call.expected === undefined;
    const matches = isBlind ? current.version !== null : current.version === call.expected;
    if (matches === this.#bug()) {
      call.answer = { type: "fail", code: "conflict" };
      return;
    }
    if (this.#bug()) {
      call.answer = { type: "fail", code: this.#tape.pick(["refused", "conflict"]) };
      return;
    }
    const highest = Math.max(0, ...states.map(({ version: one }) => one ?? 0));
    const last = current.version ?? (this.#simulation.deletes === "rise" ? highest : 0);
    const version = last + (this.#bug() ? 2 : 1);
    if (!this.#bug()) states.push({ version, value: call.value });
    call.answer = { type: "ok", value: { version, ...(this.#tape.once(2) ? { value: call.value } : {}) } };
  }

  #giveUp(client: number, call: Call): void {
    this.#open[client] = null;
    this.#late.push(call);
    if (!this.#tape.once(3)) this.#add(client, call, "info", undefined, "timeout");
    this.#nextProcess(client);
  }

  #nextProcess(client: number): void {
    this.#process[client] = this.#process[client]! + this.#open.length;
  }

  #answer(client: number, call: Call): void {
    this.#open[client] = null;
    const { type, value, code } = call.answer!;
    this.#add(client, call, type, value, code);
  }

  #add(
    client: number,
    call: Call,
    type: Operation["type"],
    value: Json | undefined,
    code: string | undefined,
  ): void {
    const index = this.#events.length;
    this.#events.push({
      index,
      time: index,
      process: this.#process[client]!,
      client,
      type,
      f: call.f,
      key: call.key,
      ...(value === undefined ? {} : { value }),
      ...(code === undefined ? {} : { error: { code } }),
    });
  }
}
