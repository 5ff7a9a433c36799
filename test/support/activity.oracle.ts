import type { FaultEvent, HistoryEvent } from "../../checkers/history/operation.ts";

/** What activity is asked for. */
export interface OracleActivity {
  readonly minOk: number;
  readonly minOkOf: Readonly<Record<string, number>>;
}

/** Does the run prove something: did enough succeed, and was every fault healed, having touched something? */
export function isActive(events: readonly HistoryEvent[], { minOk, minOkOf }: OracleActivity): boolean {
  const ok = events.filter(({ type }) => type === "ok");
  const faults = events.flatMap((event) => (event.type === "fault" ? [event] : []));
  const enough = Object.entries(minOkOf).every(
    ([name, count]) => ok.filter((event) => "f" in event && event.f === name).length >= count,
  );
  return (
    ok.length > 0 &&
    ok.length >= minOk &&
    enough &&
    faults.every((fault) => fault.event === "heal" || isHealed(fault, faults))
  );
}

/** Its heal lines are those of the same id, until the fault is injected anew; `bites` may be told by any of them. */
function isHealed(injected: FaultEvent, faults: readonly FaultEvent[]): boolean {
  const later = faults.filter(({ id, index }) => id === injected.id && index > injected.index);
  const again = later.findIndex(({ event }) => event === "inject");
  const heals = again < 0 ? later : later.slice(0, again);
  return heals.some(({ bites }) => bites !== undefined && bites > 0);
}
