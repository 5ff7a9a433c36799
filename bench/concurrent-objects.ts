import type { HistoryEvent, Json, Operation } from "../checkers/history/operation.ts";
import { drawer } from "./large-histories.ts";

/** What a client asks of an object. */
export interface ObjectCall {
  readonly f: string;
  readonly value?: Json;
}

/** How the object answered; undefined: refused. */
export type ObjectAnswer = { readonly value?: Json } | undefined;

/** An object that does one thing after the other. */
export interface SequentialObject {
  /** What a client asks next. */
  readonly call: (draw: () => number) => ObjectCall;
  readonly run: (call: ObjectCall) => ObjectAnswer;
}

/** How many clients call how often, and what goes wrong. */
export interface ConcurrentCalls {
  readonly operations: number;
  readonly clients: number;
  /** One call in so many times out; 0: none. Some of these have taken effect or will do so later. */
  readonly timeoutEvery: number;
  /** One answer in so many is that of the call answered before it, or acknowledges what was refused; 0: none. */
  readonly wrongEvery: number;
  readonly seed: number;
}

interface OpenCall {
  readonly call: ObjectCall;
  process: number;
  answer: { readonly given: ObjectAnswer } | null;
}

/** Clients in random order on one object, each call taking effect at a moment of its own between its invocation and return. */
export function concurrentCalls(size: ConcurrentCalls, object: SequentialObject): HistoryEvent[] {
  const draw = drawer(size.seed);
  const events: HistoryEvent[] = [];
  const open: (OpenCall | null)[] = Array.from({ length: size.clients }, () => null);
  const process = open.map((_, client) => client);
  const late: OpenCall[] = [];
  const answers = new Map<string, Json | undefined>();
  const add = (client: number, { call }: OpenCall, type: Operation["type"], value?: Json): void => {
    const index = events.length;
    const what = { f: call.f, ...(value === undefined ? {} : { value }) };
    events.push({ index, time: index * 1000, process: process[client]!, client, type, ...what });
  };
  const isNow = (every: number): boolean => every > 0 && draw() % every === 0;
  let sent = 0;
  let left = 0;
  while (sent < size.operations || left > 0) {
    if (late.length > 0 && draw() % 8 === 0) object.run(late.pop()!.call);
    const client = draw() % size.clients;
    const own = open[client]!;
    if (own === null) {
      if (sent >= size.operations) continue;
      sent++;
      left++;
      open[client] = { call: object.call(draw), process: process[client]!, answer: null };
      add(client, open[client], "invoke", open[client].call.value);
      continue;
    }
    if (isNow(2 * size.timeoutEvery)) {
      if (own.answer === null && draw() % 2 === 0) late.push(own);
      add(client, own, "info");
      process[client]! += size.clients;
    } else if (own.answer === null) {
      own.answer = { given: object.run(own.call) };
      continue;
    } else {
      const { given } = own.answer;
      const isWrong = isNow(size.wrongEvery);
      const before = answers.get(own.call.f);
      answers.set(own.call.f, given?.value);
      if (given === undefined && !isWrong) add(client, own, "fail");
      else
        add(client, own, "ok", isWrong && answers.has(own.call.f) ? (before ?? given?.value) : given?.value);
    }
    open[client] = null;
    left--;
  }
  return events;
}

/** A text: get, put, append of one of so many texts (0: each once). */
export function sequentialText(textCount = 3): SequentialObject {
  let text = "";
  let written = 0;
  return {
    call: (draw) => {
      const kind = draw() % 5;
      if (kind < 2) return { f: "get" };
      return kind < 3
        ? { f: "put", value: `${textCount === 0 ? `p${written++}q` : draw() % 2}` }
        : { f: "append", value: `${textCount === 0 ? `x${written++}y` : written++ % textCount}` };
    },
    run: ({ f, value }) => {
      if (f === "get") return { value: text };
      text = f === "put" ? String(value) : `${text}${value}`;
      return {};
    },
  };
}

/** A number: read, add, increment, decrement. */
export function sequentialCounter(): SequentialObject {
  let sum = 0;
  return {
    call: (draw) => {
      const kind = draw() % 6;
      if (kind < 3) return { f: "read" };
      return kind === 3
        ? { f: "add", value: 1 + (draw() % 3) }
        : { f: kind === 4 ? "increment" : "decrement" };
    },
    run: ({ f, value }) => {
      if (f === "read") return { value: sum };
      sum += f === "add" ? (value as number) : f === "increment" ? 1 : -1;
      return {};
    },
  };
}

/** A set: add, read. */
export function sequentialSet(): SequentialObject {
  const elements = new Set<number>();
  return {
    call: (draw) => (draw() % 2 === 0 ? { f: "add", value: draw() % 6 } : { f: "read" }),
    run: ({ f, value }) => {
      if (f === "read") return { value: [...elements] };
      elements.add(value as number);
      return {};
    },
  };
}

/** A queue: enqueue of one of so many values (0: each once), dequeue. */
export function sequentialQueue(valueCount = 4): SequentialObject {
  const values: number[] = [];
  let sent = 0;
  const next = (draw: () => number): number => (valueCount === 0 ? sent++ : draw() % valueCount);
  return {
    call: (draw) => (draw() % 2 === 0 ? { f: "enqueue", value: next(draw) } : { f: "dequeue" }),
    run: ({ f, value }) => {
      if (f === "dequeue") return { value: values.shift() ?? null };
      values.push(value as number);
      return {};
    },
  };
}

/** A lock: acquire, release. */
export function sequentialMutex(): SequentialObject {
  let isHeld = false;
  return {
    call: (draw) => ({ f: draw() % 2 === 0 ? "acquire" : "release" }),
    run: ({ f }) => {
      if (isHeld === (f === "acquire")) return undefined;
      isHeld = !isHeld;
      return {};
    },
  };
}

/** An entity with a version: read, create, update, delete. */
export function sequentialEntity(): SequentialObject {
  let entity: { version: number; value: number } | null = null;
  return {
    call: (draw) => {
      const kind = draw() % 8;
      if (kind < 3) return { f: "read" };
      if (kind === 3) return { f: "create", value: { value: draw() % 3 } };
      const expected = Math.max(1, (entity?.version ?? 1) - (draw() % 4 === 0 ? 1 : 0));
      return kind === 4
        ? { f: "delete", value: { expected } }
        : { f: "update", value: { expected, value: draw() % 3 } };
    },
    run: ({ f, value }) => {
      if (f === "read") return { value: entity };
      const asked = value as { expected?: number; value: number };
      if (f === "create" ? entity !== null : entity?.version !== asked.expected) return undefined;
      if (f === "delete") {
        entity = null;
        return {};
      }
      entity = { version: (entity?.version ?? 0) + 1, value: asked.value };
      return { value: { version: entity.version } };
    },
  };
}

/** Two accounts with 3 each, none of which goes below zero: read, transfer. */
export function sequentialBank(): SequentialObject {
  const balances = { a: 3, b: 3 };
  return {
    call: (draw) => {
      if (draw() % 2 === 0) return { f: "read" };
      const [from, to] = draw() % 2 === 0 ? ["a", "b"] : ["b", "a"];
      return { f: "transfer", value: { from, to, amount: 1 + (draw() % 3) } as Json };
    },
    run: ({ f, value }) => {
      if (f === "read") return { value: { ...balances } };
      const { from, to, amount } = value as { from: "a" | "b"; to: "a" | "b"; amount: number };
      if (balances[from] < amount) return undefined;
      balances[from] -= amount;
      balances[to] += amount;
      return {};
    },
  };
}
