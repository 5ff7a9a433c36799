import type { HistoryEvent, Json } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "./choice-tape.ts";
import { EventLog, type SimulatedCall } from "./event-log.ts";

/**
 * A history of one versioned entity whose answers are drawn at random, right or wrong: creations, updates,
 * deletes where asked for, and two final reads.
 */
export function randomEntity(tape: ChoiceTape, hasDeletes: boolean): HistoryEvent[] {
  const clients = 3;
  const log = new EventLog(clients);
  const open: (SimulatedCall | null)[] = Array.from({ length: clients }, () => null);
  const version = (): number => 1 + tape.below(4);
  const answer = (client: number, call: SimulatedCall): void => {
    open[client] = null;
    const outcome = tape.pick(["ok", "ok", "ok", "fail", "info"] as const);
    if (outcome !== "ok") log.add(client, call, outcome);
    else if (call.f === "delete") log.add(client, call, "ok");
    else log.add(client, call, "ok", { version: version(), value: tape.pick(["a", "b"]) });
  };
  const finalRead = (): void => {
    const call = { f: "read", key: "x", final: true };
    log.add(0, call, "invoke");
    const shown: Json = tape.once(3)
      ? null
      : { version: version() + tape.below(4), value: tape.pick(["a", "b"]) };
    log.add(0, call, "ok", shown);
  };
  while (!tape.isUsedUp) {
    const client = tape.below(clients);
    const call = open[client]!;
    if (call !== null) answer(client, call);
    else {
      const f = tape.pick(hasDeletes ? ["create", "update", "delete"] : ["create", "update"]);
      const invoked = { f, key: "x" };
      open[client] = invoked;
      log.add(client, invoked, "invoke", f === "update" ? { expected: version() } : undefined);
    }
  }
  const waiting = open[0]!;
  if (waiting !== null) answer(0, waiting);
  finalRead();
  finalRead();
  return log.events;
}
