import type { HistoryEvent, Json } from "../checkers/history/operation.ts";
import { drawer } from "./large-histories.ts";

/** How large a generated history of records is. */
export interface LargeRecords {
  /** Lines of the type `record`, about. */
  readonly records: number;
  /** Sagas, or streams of messages, that are under way at the same time. */
  readonly keys: number;
}

const steps = ["stock", "pay", "ship"];

/** Correct sagas of three steps, one in ten aborted: live records, then the final ones of each service. */
export function* largeSagaRecords(size: LargeRecords): Generator<HistoryEvent, void, undefined> {
  const draw = drawer(1);
  const record = recorder();
  const finals: (() => HistoryEvent)[][] = steps.map(() => []);
  const ends: (() => HistoryEvent)[] = [];
  const open: { key: string; done: number; isAborted: boolean }[] = [];
  let sagas = 0;
  let clock = 0;
  let left = Math.floor(size.records / 8);
  while (left > 0 || open.length > 0) {
    if (left > 0 && open.length < size.keys) {
      left--;
      const key = `order/${sagas++}`;
      open.push({ key, done: 0, isAborted: draw() % 10 === 0 });
      yield record("saga", key, "order", { state: "running" }, false);
      continue;
    }
    const at = draw() % open.length;
    const saga = open[at]!;
    const { key, isAborted, done } = saga;
    const step = steps[done];
    const effect = (which: number, kind: string): void => {
      const value = { step: steps[which]!, kind, at: clock++, amount: 5 };
      finals[which]!.push(() => record("effect", key, steps[which]!, value, true));
    };
    if (step !== undefined && !(isAborted && done === 2)) {
      yield record("attempted", key, "order", { step, kind: "do" }, false);
      effect(saga.done++, "do");
      continue;
    }
    if (isAborted) for (let which = done - 1; which >= 0; which--) effect(which, "undo");
    const state = isAborted ? "aborted" : "completed";
    ends.push(() => record("saga", key, "order", { state }, true));
    open[at] = open.at(-1)!;
    open.pop();
  }
  for (const final of [...finals.flat(), ...ends]) yield final();
}

/** A correct outbox with a bus that repeats one message in twenty and two consumers: final records only. */
export function* largeDeliveryRecords(size: LargeRecords): Generator<HistoryEvent, void, undefined> {
  const draw = drawer(1);
  const record = recorder();
  const sequences = new Int32Array(size.keys);
  const messages = Array.from({ length: Math.floor(size.records / 4) }, (_, at) => {
    const key = draw() % size.keys;
    return { key: `order/${key}`, message: `message-${at}`, sequence: ++sequences[key]! };
  });
  for (const { key, message, sequence } of messages) {
    yield record("committed", key, "order", { message, sequence }, true);
  }
  for (const { key, message } of messages) {
    for (let left = draw() % 20 === 0 ? 2 : 1; left > 0; left--) {
      yield record("published", key, "kafka", { message }, true);
    }
  }
  for (const consumer of ["payment", "mail"]) {
    for (const [at, { key, message }] of messages.entries()) {
      yield record("handled", key, consumer, { message, at }, true);
    }
  }
}

function recorder(): (f: string, key: string, node: string, value: Json, final: boolean) => HistoryEvent {
  let index = 0;
  return (f, key, node, value, final) => ({
    index: index++,
    time: index * 1000,
    type: "record",
    f,
    key,
    node,
    value,
    ...(final ? { final } : {}),
  });
}
