import type { HistoryEvent } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "./choice-tape.ts";
import { EventLog } from "./event-log.ts";

/**
 * A service that fails nobody but during a fault, and then only some; faults are healed and touched something. Where
 * it is broken it fails at any time. A millisecond an event.
 */
export function simulateService(tape: ChoiceTape, isBroken: boolean): HistoryEvent[] {
  const log = new EventLog(3);
  const open: ({ readonly f: string; readonly key: string; isTouched: boolean } | null)[] = [
    null,
    null,
    null,
  ];
  let fault = 0;
  let isActive = false;
  const turn = (): void => {
    isActive = !isActive;
    if (isActive) fault++;
    const index = log.events.length;
    const what = { id: fault, fault: "pause", target: "orders" };
    if (isActive) log.events.push({ index, time: index, type: "fault", ...what, event: "inject" });
    else log.events.push({ index, time: index, type: "fault", ...what, event: "heal", bites: 1 });
    for (const call of open) if (call !== null) call.isTouched = true;
  };
  while (!tape.isUsedUp) {
    if (tape.once(12)) {
      turn();
      continue;
    }
    const client = tape.below(3);
    const call = open[client]!;
    if (call === null) {
      const next = { f: "read", key: "x", isTouched: isActive };
      open[client] = next;
      log.add(client, { f: "read", key: "x" }, "invoke");
      continue;
    }
    open[client] = null;
    const fails = (call.isTouched || isBroken) && tape.once(4);
    log.add(client, { f: "read", key: "x" }, fails ? tape.pick(["fail", "info"] as const) : "ok");
  }
  if (isActive) turn();
  for (const [client, call] of open.entries())
    if (call !== null) log.add(client, { f: "read", key: "x" }, "ok");
  const last = { f: "read", key: "x" };
  log.add(0, last, "invoke");
  log.add(0, last, "ok");
  return log.events.map((event, index) => ({ ...event, index, time: index * 1e6 }));
}
