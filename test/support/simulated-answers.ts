import type { HistoryEvent, Operation } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "./choice-tape.ts";
import { EventLog } from "./event-log.ts";

interface OpenCall {
  readonly f: string;
  readonly key: string;
  /** Did a fault begin before it ends? */
  readonly isBad: boolean;
}

/**
 * Clients ask for things, some of which make no sense. The service refuses these, and breaks down only after a fault; where
 * it is broken it takes some of them, and breaks down over some, at any time.
 */
export function simulateAnswers(tape: ChoiceTape, isBroken: boolean): HistoryEvent[] {
  const log = new EventLog(3);
  const open: (OpenCall | null)[] = [null, null, null];
  let faults = 0;
  while (!tape.isUsedUp) {
    if (tape.once(25)) {
      const index = log.events.length;
      const event = tape.pick(["inject", "heal"] as const);
      log.events.push({ index, time: index, type: "fault", id: faults, fault: "pause", target: "a", event });
      if (event === "inject") faults++;
      continue;
    }
    const client = tape.below(3);
    const call = open[client]!;
    if (call === null) {
      const isBad = tape.once(3);
      const f = isBad ? "bad-request" : tape.pick(["read", "write"]);
      open[client] = { f, key: tape.pick(["x", "y"]), isBad };
      log.add(client, open[client], "invoke", isBad ? "no id" : undefined);
      continue;
    }
    open[client] = null;
    const mayBreak = faults > 0 || (isBroken && tape.once(6));
    if (mayBreak && tape.once(2)) {
      const [type, code] = tape.pick([
        ["info", "http-500"],
        ["fail", "internal"],
      ] as const);
      log.add(client, call, type, undefined, code);
    } else end(log, client, call, isBroken && tape.once(6), tape);
  }
  return log.events;
}

function end(log: EventLog, client: number, call: OpenCall, isTaken: boolean, tape: ChoiceTape): void {
  if (call.isBad && !isTaken) {
    const code = tape.pick(["not-found", "conflict", "unavailable", "ECONNRESET"]);
    const type: Operation["type"] = code === "ECONNRESET" ? "info" : "fail";
    log.add(client, call, type, undefined, code);
  } else if (tape.once(6)) log.add(client, call, "info", undefined, "client-timeout");
  else log.add(client, call, "ok");
}
