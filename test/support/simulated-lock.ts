import type { HistoryEvent, Json } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "./choice-tape.ts";
import { EventLog } from "./event-log.ts";

/** What a {@link simulateLock} run is like. */
export interface LockSimulation {
  /** Does the lock break its rules, and the store accept what it likes? */
  readonly isBroken: boolean;
  readonly hasTokens: boolean;
}

/**
 * Clients take a lock that expires and write under it; a millisecond an event. The good lock gives rising tokens, and its
 * store refuses older ones; without tokens only clients that hold the lock write.
 */
export function simulateLock(tape: ChoiceTape, { isBroken, hasTokens }: LockSimulation): HistoryEvent[] {
  const clients = 3;
  const log = new EventLog(clients);
  const open: ({ f: string; key: string; value: Json; answer: [string, Json?] | null } | null)[] = [
    null,
    null,
    null,
  ];
  const held: (Record<string, number | null> | null)[] = [null, null, null];
  const accepted: Record<string, Json>[] = [];
  let holder: { token: number; until: number } | null = null;
  let granted = 0;
  let highest = 0;
  // Keys may be numbers.
  const lock: Json = isBroken && tape.once(2) ? 7 : "L";
  /** Now and then a number that nobody was granted. */
  const invented = (name: Record<string, number | null>): Record<string, number | null> =>
    isBroken && tape.once(12) ? { ...name, [hasTokens ? "token" : "acquisition"]: 90 + tape.below(3) } : name;
  const ttl = (): number => 2 + tape.below(12);
  const arrive = (client: number): void => {
    const call = open[client]!;
    const now = log.events.length;
    if (call.f === "acquire") {
      const isFree = holder === null || now >= holder.until;
      if (!isFree && !(isBroken && tape.once(3))) {
        call.answer = ["fail"];
        return;
      }
      const number = isBroken && tape.once(4) ? 1 + tape.below(granted + 1) : ++granted;
      const ttlMs = ttl();
      holder = { token: number, until: now + ttlMs };
      call.answer = [
        "ok",
        hasTokens ? { token: number, ttlMs } : { token: null, acquisition: number, ttlMs },
      ];
    } else if (call.f === "release") {
      const value = call.value as Record<string, number | null>;
      if (holder?.token === (value.token ?? value.acquisition)) holder = null;
      call.answer = ["ok"];
    } else {
      const value = call.value as Record<string, Json>;
      const number = Number(value.token ?? value.acquisition);
      const isGood = hasTokens ? number >= highest : holder?.token === number && now < holder.until;
      const isTaken = isGood !== (isBroken && tape.once(3));
      if (isTaken) {
        accepted.push(value);
        highest = Math.max(highest, number);
      }
      call.answer = [isTaken !== (isBroken && tape.once(8)) ? "ok" : "fail"];
    }
  };
  while (!tape.isUsedUp) {
    const client = tape.below(clients);
    const call = open[client]!;
    if (call !== null) {
      if (call.answer === null) arrive(client);
      else {
        open[client] = null;
        const [type, value] = call.answer;
        const isUnknown = tape.once(10);
        log.add(client, call, isUnknown ? "info" : (type as "ok"), isUnknown ? undefined : value);
        if (call.f === "acquire")
          held[client] = isUnknown || type !== "ok" ? null : (value as Record<string, number>);
        if (call.f === "release") held[client] = null;
      }
      continue;
    }
    const mine = held[client]!;
    const f = mine === null ? "acquire" : tape.pick(["guarded-write", "guarded-write", "release"]);
    const { ttlMs: _, ...name } = mine ?? { ttlMs: 0 };
    const value: Json =
      f === "acquire"
        ? null
        : f === "release"
          ? name
          : { lock, ...invented(name), value: tape.below(isBroken ? 3 : 1e6) };
    open[client] = { f, key: f === "guarded-write" ? "r" : String(lock), value, answer: null };
    log.add(client, open[client], "invoke", f === "acquire" ? undefined : value);
  }
  for (const [order, value] of accepted.entries()) {
    const index = log.events.length;
    const record = { ...value, order };
    log.events.push({
      index,
      time: index,
      type: "record",
      f: "accepted",
      key: "r",
      value: record,
      final: true,
    });
  }
  return log.events.map((event) => ({ ...event, time: event.index * 1e6 }));
}
