import type { HistoryEvent } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "./choice-tape.ts";
import { EventLog, type SimulatedCall } from "./event-log.ts";

/** What a {@link simulateStock} run is like. */
export interface StockSimulation {
  readonly clients: number;
  /** One step in so many is wrong: lost, done twice, done although refused, refused falsely; 0: never. */
  readonly bugEvery: number;
  readonly hasCreate: boolean;
}

interface Amounts {
  stock: number;
  reserved: number;
  shipped: number;
}

interface Call extends SimulatedCall {
  readonly quantity: number;
  answer: {
    readonly type: "ok" | "fail";
    readonly value?: Record<string, number>;
    readonly code?: string;
  } | null;
}

const effects: Record<string, { readonly from?: keyof Amounts; readonly to: keyof Amounts }> = {
  reserve: { from: "stock", to: "reserved" },
  release: { from: "reserved", to: "stock" },
  ship: { from: "reserved", to: "shipped" },
  restock: { to: "stock" },
};

/** A history of one stock, step by step as the tape chooses, with a final read. */
export function simulateStock(tape: ChoiceTape, simulation: StockSimulation): HistoryEvent[] {
  const log = new EventLog(simulation.clients);
  const now: Amounts = { stock: 3 + tape.below(4), reserved: 0, shipped: 0 };
  const past: Amounts[] = [{ ...now }];
  const open: (Call | null)[] = Array.from({ length: simulation.clients }, () => null);
  const late: Call[] = [];
  const bug = (): boolean => simulation.bugEvery > 0 && tape.once(simulation.bugEvery);
  const move = (f: string, quantity: number): void => {
    const { from, to } = effects[f]!;
    if (from !== undefined) now[from] -= quantity;
    now[to] += quantity;
    past.push({ ...now });
  };
  const arrive = (call: Call): void => {
    if (call.f === "read") {
      call.answer = {
        type: "ok",
        value: { ...(call.final === true || tape.once(2) ? now : tape.pick(past)) },
      };
      return;
    }
    const { from } = effects[call.f]!;
    if (from !== undefined && now[from] < call.quantity !== bug()) {
      call.answer = { type: "fail", code: "insufficient-stock" };
      if (bug()) move(call.f, call.quantity);
      return;
    }
    if (!bug()) move(call.f, call.quantity);
    if (bug()) move(call.f, call.quantity);
    call.answer = { type: "ok" };
  };
  const send = (client: number, f: string, final: boolean): Call => {
    const quantity = f === "read" ? 0 : 1 + tape.below(3);
    const call: Call = { f, key: "sku", final, quantity, answer: null };
    open[client] = call;
    log.add(client, call, "invoke", f === "read" ? undefined : { quantity });
    return call;
  };
  const answer = (client: number, call: Call): void => {
    open[client] = null;
    log.add(client, call, call.answer!.type, call.answer!.value, call.answer!.code);
  };
  const create = { f: "create", key: "sku" };
  if (simulation.hasCreate) {
    log.add(0, create, "invoke", { stock: now.stock });
    log.add(0, create, "ok");
  } else {
    arrive(send(0, "read", true));
    answer(0, open[0]!);
  }
  while (!tape.isUsedUp) {
    if (late.length > 0 && tape.once(8)) {
      const call = tape.pick(late);
      if (call.answer === null) arrive(call);
      continue;
    }
    const client = tape.below(simulation.clients);
    const call = open[client]!;
    if (call === null)
      send(client, tape.pick(["read", "reserve", "reserve", "release", "ship", "restock"]), false);
    else if (tape.once(6)) {
      open[client] = null;
      late.push(call);
      if (tape.once(2)) log.abandon(client);
      else log.add(client, call, "info");
    } else if (call.answer === null) arrive(call);
    else answer(client, call);
  }
  if (open[0] !== null) {
    late.push(open[0]!);
    log.add(0, open[0]!, "info");
  }
  arrive(send(0, "read", true));
  answer(0, open[0]!);
  return log.events;
}
