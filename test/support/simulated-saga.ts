import type { HistoryEvent } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "./choice-tape.ts";
import { RecordLog } from "./record-log.ts";

/** What a {@link simulateSagas} run is like. */
export interface SagaSimulation {
  readonly sagas: number;
  /** One step in so many is wrong: forgotten, repeated, in the wrong order, too late; 0: never. */
  readonly bugEvery: number;
}

/** The steps of each simulated saga. */
export const simulatedSteps: readonly string[] = ["stock", "pay", "ship"];

interface Saga {
  readonly key: string;
  /** Steps done and not undone, in the order of doing. */
  readonly done: string[];
  next: number;
  state: "running" | "undoing" | "completed" | "aborted";
}

/** Sagas over three services, step by step as the tape chooses, with live records and final ones of everything. */
export function simulateSagas(tape: ChoiceTape, { sagas, bugEvery }: SagaSimulation): HistoryEvent[] {
  const log = new RecordLog();
  const finals: Parameters<RecordLog["add"]>[] = [];
  let clock = 0;
  const bug = (): boolean => bugEvery > 0 && tape.once(bugEvery);
  const effect = (key: string, step: string, kind: string): void => {
    clock += tape.once(4) ? 0 : 1;
    const value = { step, kind, at: clock, amount: step.length };
    log.add("effect", key, step, value, false);
    finals.push(["effect", key, step, value, true]);
  };
  const open: Saga[] = Array.from({ length: sagas }, (_, at) => ({
    key: `saga/${at}`,
    done: [],
    next: 0,
    state: "running",
  }));
  const end = (saga: Saga, state: "completed" | "aborted"): void => {
    saga.state = state;
    const [step] = saga.done;
    if (step !== undefined) log.add("seen", saga.key, "cart", { step, at: clock }, false);
    if (!bug()) log.add("saga", saga.key, "order", { state }, false);
  };
  const advance = (saga: Saga): void => {
    if (saga.state === "undoing") {
      const step = saga.done.pop();
      if (step === undefined) end(saga, "aborted");
      else if (!bug()) effect(saga.key, step, "undo");
      return;
    }
    const step = simulatedSteps[saga.next++];
    if (step === undefined) end(saga, "completed");
    else if (tape.once(4)) {
      saga.state = "undoing";
      if (bug()) saga.done.reverse();
    } else if (saga.done.length > 0 && tape.once(5)) {
      saga.next--;
      // A semantic lock: what is not certain yet is marked.
      const mark = bug() ? {} : { pending: true };
      log.add("seen", saga.key, "cart", { step: tape.pick(saga.done), at: clock, ...mark }, false);
    } else {
      log.add("attempted", saga.key, "order", { step, kind: "do" }, false);
      if (!bug()) effect(saga.key, step, "do");
      if (bug()) effect(saga.key, step, "do");
      saga.done.push(step);
    }
  };
  for (const saga of open) log.add("saga", saga.key, "order", { state: "running" }, false);
  while (!tape.isUsedUp) {
    const running = open.filter(({ state }) => state === "running" || state === "undoing");
    if (running.length === 0) break;
    advance(tape.pick(running));
  }
  for (const saga of open) {
    while (saga.state === "running" || saga.state === "undoing") {
      if (bug()) break;
      advance(saga);
    }
    const state = saga.state === "undoing" ? "running" : saga.state;
    finals.push(["saga", saga.key, "order", { state }, true]);
  }
  for (const final of finals) log.add(...final);
  return log.events;
}
