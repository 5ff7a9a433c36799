import type { HistoryEvent, Json } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "./choice-tape.ts";
import { EventLog, type SimulatedCall } from "./event-log.ts";

/** What a {@link simulateRegister} run is like. */
export interface RegisterSimulation {
  readonly clients: number;
  /** One read in so many is outdated, one write in so many is lost; 0: never. */
  readonly bugEvery: number;
  /** Are values written once only? */
  readonly isUnique: boolean;
  readonly hasDeletes: boolean;
  /** Reads at the end, by a client that did nothing else, marked as final. */
  readonly finalReads: number;
}

interface Call extends SimulatedCall {
  answer: { readonly type: "ok" | "fail"; readonly value?: Json } | null;
}

/** A history of one register that clients write, read and compare-and-set, step by step as the tape chooses. */
export function simulateRegister(tape: ChoiceTape, simulation: RegisterSimulation): HistoryEvent[] {
  const log = new EventLog(simulation.clients);
  const states: Json[] = [null];
  const open: (Call | null)[] = Array.from({ length: simulation.clients }, () => null);
  const late: Call[] = [];
  let values = 0;
  const bug = (): boolean => simulation.bugEvery > 0 && tape.once(simulation.bugEvery);
  const newValue = (): Json => (simulation.isUnique ? `v${values++}` : `v${tape.below(3)}`);
  const arrive = (call: Call): void => {
    const current = states.at(-1)!;
    if (call.f === "read") {
      call.answer = { type: "ok", value: bug() ? tape.pick(states) : current };
      return;
    }
    const [old, stored] = call.f === "cas" ? (call.value as [Json, Json]) : [current, call.value ?? null];
    if (old !== current && !bug()) call.answer = { type: "fail" };
    else {
      if (!bug()) states.push(stored);
      call.answer = { type: "ok" };
    }
  };
  const invoke = (client: number): void => {
    const f = tape.pick(["read", "read", "write", "cas", ...(simulation.hasDeletes ? ["delete"] : [])]);
    const value =
      f === "write" ? newValue() : f === "cas" ? [tape.pick(states.slice(-2)), newValue()] : undefined;
    const call: Call = { f, key: "x", ...(value === undefined ? {} : { value }), answer: null };
    open[client] = call;
    log.add(client, call, "invoke", value);
  };
  const giveUp = (client: number, call: Call): void => {
    open[client] = null;
    late.push(call);
    if (tape.once(2)) log.abandon(client);
    else log.add(client, call, "info");
  };
  const answer = (client: number, call: Call): void => {
    open[client] = null;
    log.add(client, call, call.answer!.type, call.answer!.value);
  };
  while (!tape.isUsedUp) {
    if (late.length > 0 && tape.once(8)) {
      const call = tape.pick(late);
      if (call.answer === null) arrive(call);
      continue;
    }
    const client = tape.below(simulation.clients);
    const call = open[client]!;
    if (call === null) invoke(client);
    else if (tape.once(8)) giveUp(client, call);
    else if (call.answer === null) arrive(call);
    else answer(client, call);
  }
  for (const [client, call] of open.entries()) {
    if (call === null) continue;
    if (call.answer === null) arrive(call);
    answer(client, call);
  }
  for (let read = 0; read < simulation.finalReads; read++) {
    const call: Call = { f: "read", key: "x", final: true, answer: null };
    log.add(0, call, "invoke");
    arrive(call);
    answer(0, call);
  }
  return log.events;
}
