import type { HistoryEvent, Json } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "./choice-tape.ts";
import { EventLog } from "./event-log.ts";

interface Entry {
  readonly version: number;
  readonly value: Json;
}

/** How long an entry may outlive a change, in events of a millisecond. */
export const cacheBoundMs = 6;

/**
 * Versioned entities behind a cache whose entries outlive a change for a while that is bounded; once all is quiet
 * they are right or gone. Where it is broken entries stay, come from nowhere, or show what never was. A
 * millisecond an event.
 */
export function simulateCache(tape: ChoiceTape, isBroken: boolean): HistoryEvent[] {
  const log = new EventLog(3);
  const open: ({ readonly f: string; readonly key: string } | null)[] = [null, null, null];
  const stored = new Map<string, Entry>();
  const cached = new Map<string, Entry | null>();
  /** By key: the event by which the cache has heard of the last change. */
  const heardAt = new Map<string, number>();
  const hear = (key: string): void => {
    const isForgotten = isBroken && tape.once(3);
    if (log.events.length >= (heardAt.get(key) ?? Number.POSITIVE_INFINITY) && !isForgotten) {
      cached.delete(key);
      heardAt.delete(key);
    }
  };
  while (!tape.isUsedUp) {
    const client = tape.below(3);
    const call = open[client]!;
    if (call === null) {
      const next = { f: tape.pick(["read", "read", "update"]), key: tape.pick(["a", "b"]) };
      open[client] = next;
      log.add(client, next, "invoke");
      continue;
    }
    open[client] = null;
    const { f, key } = call;
    if (f === "update") {
      const entry = { version: (stored.get(key)?.version ?? 0) + 1, value: tape.below(3) };
      stored.set(key, entry);
      if (!heardAt.has(key)) heardAt.set(key, log.events.length + tape.below(cacheBoundMs));
      log.add(client, call, "ok", { version: entry.version });
      continue;
    }
    hear(key);
    if (!cached.has(key)) cached.set(key, stored.get(key) ?? null);
    const shown = cached.get(key) ?? null;
    log.add(client, call, "ok", shown === null ? null : { version: shown.version });
  }
  const entry = (f: string, key: string, value: Json): void => {
    const index = log.events.length;
    log.events.push({ index, time: index, type: "record", f, key, node: f, value, final: true });
  };
  for (const [key, { version, value }] of stored) entry("stored", key, { version, value });
  for (const [key, held] of cached) {
    const isKept = isBroken ? !tape.once(4) : !heardAt.has(key);
    if (isKept)
      entry(
        "cached",
        key,
        held === null ? null : { ...held, ...(isBroken && tape.once(3) ? { value: 9 } : {}) },
      );
  }
  return log.events.map((event, index) => {
    const timed = { ...event, index, time: index * 1e6 };
    return timed.type === "ok" && timed.f === "read" ? { ...timed, node: "cached" } : timed;
  });
}
