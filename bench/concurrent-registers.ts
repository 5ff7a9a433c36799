import type { HistoryEvent, Json, Operation } from "../checkers/history/operation.ts";
import { drawer } from "./large-histories.ts";

/** What a generated history of registers is like. */
export interface ConcurrentRegisters {
  readonly operations: number;
  readonly clients: number;
  readonly keys: number;
  /** Written values are drawn from so many; 0: each is written once. */
  readonly values: number;
  /** Of each ten calls so many are `write` and `cas`; the others read. */
  readonly writesOfTen: number;
  readonly casOfTen: number;
  /** One call in so many times out; 0: none. Half of these have taken effect or will do so later. */
  readonly timeoutEvery: number;
  /** One read in so many shows an older value; 0: none. */
  readonly staleEvery: number;
  readonly seed: number;
}

interface Call {
  readonly f: "read" | "write" | "cas";
  readonly key: number;
  readonly value: Json | undefined;
  answer: { readonly type: "ok" | "fail"; readonly value: Json | undefined } | null;
}

/**
 * Clients in random order, each with one call open at a time, on registers that do one thing after the other:
 * a call takes effect at a moment of its own between its invocation and its return. So two thirds of the
 * clients have a call open at any time. Half of the `cas` ask for the value that is there when they are sent.
 */
export function* concurrentRegisters(size: ConcurrentRegisters): Generator<HistoryEvent, void, undefined> {
  const draw = drawer(size.seed);
  const registers = new Registers(size, draw);
  const open: (Call | null)[] = Array.from({ length: size.clients }, () => null);
  const process = open.map((_, client) => client);
  const late: Call[] = [];
  let index = 0;
  let sent = 0;
  let openCount = 0;
  const event = (client: number, call: Call, type: Operation["type"], value?: Json): Operation => ({
    index,
    time: index++ * 1000,
    process: process[client]!,
    client,
    type,
    f: call.f,
    key: `x${call.key}`,
    ...(value === undefined ? {} : { value }),
  });
  while (sent < size.operations || openCount > 0) {
    if (late.length > 0 && draw() % 64 === 0) registers.run(late.splice(draw() % late.length, 1)[0]!);
    const client = draw() % size.clients;
    const call = open[client]!;
    if (call === null) {
      if (sent++ >= size.operations) continue;
      const next = registers.call();
      open[client] = next;
      openCount++;
      yield event(client, next, "invoke", next.value);
      continue;
    }
    if (size.timeoutEvery > 0 && draw() % (2 * size.timeoutEvery) === 0) {
      if (call.answer === null && draw() % 2 === 0) late.push(call);
      yield event(client, call, "info");
      process[client] = process[client]! + size.clients;
    } else if (call.answer === null) {
      registers.run(call);
      continue;
    } else yield event(client, call, call.answer.type, call.answer.value);
    open[client] = null;
    openCount--;
  }
}

class Registers {
  readonly #size: ConcurrentRegisters;
  readonly #draw: () => number;
  readonly #values: Json[];
  readonly #before: Json[];
  #written = 0;

  constructor(size: ConcurrentRegisters, draw: () => number) {
    this.#size = size;
    this.#draw = draw;
    this.#values = new Array<Json>(size.keys).fill(null);
    this.#before = new Array<Json>(size.keys).fill(null);
  }

  call(): Call {
    const key = this.#draw() % this.#size.keys;
    const kind = this.#draw() % 10;
    if (kind < this.#size.writesOfTen) return { f: "write", key, value: this.#fresh(), answer: null };
    if (kind >= this.#size.writesOfTen + this.#size.casOfTen) {
      return { f: "read", key, value: undefined, answer: null };
    }
    const isHopeful = this.#draw() % 2 === 0 || this.#size.values === 0;
    const old = isHopeful ? this.#values[key]! : this.#draw() % this.#size.values;
    return { f: "cas", key, value: [old, this.#fresh()], answer: null };
  }

  run(call: Call): void {
    if (call.answer !== null) return;
    const now = this.#values[call.key]!;
    if (call.f === "read") {
      const isStale = this.#size.staleEvery > 0 && this.#draw() % this.#size.staleEvery === 0;
      call.answer = { type: "ok", value: isStale ? this.#before[call.key]! : now };
    } else if (call.f === "write") this.#store(call, call.value ?? null);
    else {
      const [old, next] = call.value as [Json, Json];
      if (old === now) this.#store(call, next);
      else call.answer = { type: "fail", value: undefined };
    }
  }

  #store(call: Call, value: Json): void {
    this.#before[call.key] = this.#values[call.key]!;
    this.#values[call.key] = value;
    call.answer = { type: "ok", value: undefined };
  }

  #fresh(): Json {
    return this.#size.values === 0 ? this.#written++ : this.#draw() % this.#size.values;
  }
}
