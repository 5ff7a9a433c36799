import type { HistoryEvent, Operation } from "../../checkers/history/operation.ts";

interface Call {
  readonly sent: Operation;
  readonly ended: Operation;
  readonly isServed: boolean;
}

/** What `availability` measures, by looking at every moment of every call. */
export function availabilityMeasures(events: readonly HistoryEvent[], graceMs = 0): Record<string, number> {
  const calls = callsOf(events).filter(({ sent }) => sent.final !== true);
  const faults = events.flatMap((event) => {
    if (event.type !== "fault" || event.event !== "inject") return [];
    const heal = events.find(
      (other) =>
        other.type === "fault" &&
        other.event === "heal" &&
        other.id === event.id &&
        other.index > event.index,
    );
    return [{ event, end: heal?.index ?? Number.POSITIVE_INFINITY, heal }];
  });
  const touches = ({ sent, ended }: Call, { event, end }: (typeof faults)[number]): boolean =>
    sent.index < end && ended.index > event.index;
  const isSoonAfter = ({ sent }: Call, { end, heal }: (typeof faults)[number]): boolean =>
    heal !== undefined && sent.index > end && sent.time - heal.time < graceMs * 1e6;
  const measures: Record<string, number> = {};
  const part = (name: string, some: readonly Call[]): void => {
    if (some.length === 0) return;
    measures[`part served ${name}`] = some.filter(({ isServed }) => isServed).length / some.length;
  };
  part(
    "outside of faults",
    calls.filter((call) => !faults.some((fault) => touches(call, fault) || isSoonAfter(call, fault))),
  );
  for (const fault of faults) {
    const { id, fault: name, target } = fault.event;
    part(
      `during ${name} (fault ${id} on ${target})`,
      calls.filter((call) => touches(call, fault)),
    );
  }
  const last = Math.max(...calls.map(({ ended }) => ended.time));
  const waits = calls.map(({ sent }) => {
    const next = calls.filter(({ ended, isServed }) => isServed && ended.index > sent.index);
    return Math.min(last, ...next.map(({ ended }) => ended.time)) - sent.time;
  });
  if (waits.length > 0) measures["longest outage in ms"] = Math.max(...waits) / 1e6;
  const heals = faults.map(({ heal }) => heal);
  const healed = Math.max(...heals.map((heal) => heal?.index ?? Number.POSITIVE_INFINITY));
  const later = callsOf(events).filter(({ ended }) => ended.index > healed);
  const served = later.filter(({ isServed }) => isServed).map(({ ended }) => ended.time);
  if (heals.length > 0 && served.length > 0) {
    const start = Math.max(events[healed]!.time, Math.min(...later.map(({ sent }) => sent.time)));
    measures["recovery in ms"] = Math.max(0, Math.min(...served) - start) / 1e6;
  }
  return measures;
}

/** What is asked of a system; see the options of `availability`. */
interface AvailabilityDemand {
  readonly minOkOutside: number;
  readonly minOkDuring: number;
  readonly maxOutageMs: number;
  readonly recoverWithinMs: number;
}

/**
 * The types of what `availability` must find by what it measures, all four being asked for. Open: a part of no calls, or
 * a recovery that nobody tried, or that was not over yet at the end and within the time.
 */
export function availabilityFindings(
  events: readonly HistoryEvent[],
  asked: AvailabilityDemand,
): { readonly found: readonly string[]; readonly isOpen: boolean } {
  const measures = availabilityMeasures(events);
  const found: string[] = [];
  for (const [name, value] of Object.entries(measures)) {
    if (name === "longest outage in ms" && value > asked.maxOutageMs) found.push("unavailable");
    if (name === "recovery in ms" && value > asked.recoverWithinMs) found.push("slow-recovery");
    const least = name.includes("outside") ? asked.minOkOutside : asked.minOkDuring;
    if (name.startsWith("part") && value < least) found.push("unavailable");
  }
  const injected = events.filter((event) => event.type === "fault" && event.event === "inject");
  const healed = events.filter((event) => event.type === "fault" && event.event === "heal");
  const parts = Object.keys(measures).filter((name) => name.startsWith("part"));
  const isPartOpen = parts.length < 1 + injected.length;
  if (measures["recovery in ms"] !== undefined) return { found, isOpen: isPartOpen };
  const [lastHeal] = healed.slice(-1);
  const tries = callsOf(events).filter(({ ended }) => ended.index > (lastHeal?.index ?? 0));
  if (lastHeal !== undefined && injected.length === healed.length && tries.length > 0) {
    const start = Math.max(lastHeal.time, Math.min(...tries.map(({ sent }) => sent.time)));
    const end = Math.max(...tries.map(({ ended }) => ended.time));
    if (end - start > asked.recoverWithinMs * 1e6) found.push("slow-recovery");
  }
  return { found, isOpen: true };
}

function callsOf(events: readonly HistoryEvent[]): Call[] {
  return events.flatMap((sent) => {
    if (sent.type !== "invoke") return [];
    const ended = events.find(
      (event): event is Operation =>
        (event.type === "ok" || event.type === "fail" || event.type === "info") &&
        event.process === sent.process &&
        event.index > sent.index,
    );
    return [{ sent, ended: ended ?? sent, isServed: ended?.type === "ok" }];
  });
}
