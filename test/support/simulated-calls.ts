import type { HistoryEvent } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "./choice-tape.ts";
import { RecordLog } from "./record-log.ts";

/** What a well-behaved caller keeps to. */
export const callLimits = { attemptsMax: 3, callMsMax: 200, failuresMax: 5, windowMs: 20 } as const;

/**
 * A service that calls another one: what may help is repeated, with pauses, and what it asks for happens once.
 * Where it is broken it repeats what was refused, too often, or its effect. A millisecond a record.
 */
export function simulateCalls(tape: ChoiceTape, isBroken: boolean): HistoryEvent[] {
  const log = new RecordLog();
  const bug = (): boolean => isBroken && tape.once(6);
  const effects: string[] = [];
  let pauses = 0;
  const add = (key: string, call: string, event: object): void => {
    log.add("call", key, "checkout", { life: "life-1", call, ...event }, false);
    const last = log.events.at(-1)!;
    log.events[log.events.length - 1] = { ...last, time: (last.index + pauses) * 1e6 };
  };
  for (let call = 0; !tape.isUsedUp; call++) {
    const key = `order/${call}`;
    const name = `call-${call}`;
    add(key, name, { event: "begun" });
    let hasHappened = false;
    for (let attempt = 0; attempt < callLimits.attemptsMax || bug(); attempt++) {
      const outcome = tape.pick(["done", "refused", "unknown", "not-sent"]);
      if ((outcome === "done" || (outcome === "unknown" && tape.once(2))) && (!hasHappened || bug())) {
        effects.push(key);
        hasHappened = true;
      }
      add(key, name, { event: "attempt", outcome });
      if (outcome === "done" || (outcome === "refused" && !bug())) break;
      if (!bug()) pauses += callLimits.windowMs;
    }
    add(key, name, { event: "ended" });
  }
  for (const [at, key] of effects.entries()) {
    log.add("effect", key, "payment", { step: "payment", kind: "do", at }, true);
    const last = log.events.at(-1)!;
    log.events[log.events.length - 1] = { ...last, time: (last.index + pauses) * 1e6 };
  }
  return log.events;
}
