import type { ServiceClock } from "../service-needs.ts";
import type { LogPosition } from "./session-token.ts";

/**
 * A position that a replica must have reached before anybody reads there, whatever they have seen themselves; null: any
 * will do. Rejects where nobody can tell.
 */
export type RecentPosition = () => Promise<LogPosition | null>;

/** Makes a look at how far the primary is, when a process starts. */
export type MakeRecentPosition = (
  clock: Pick<ServiceClock, "monotonicNs">,
  askPrimary: () => Promise<LogPosition>,
) => RecentPosition;

/**
 * A position of the primary's log that covers every commit that was acknowledged more than `ageMsMax` before it is
 * called. The primary is asked again only where the last answer is older than that: once in that time, however
 * many read, and by all of them together where it does not answer.
 */
export function recentPosition(
  clock: Pick<ServiceClock, "monotonicNs">,
  ageMsMax: number,
  askPrimary: () => Promise<LogPosition>,
): RecentPosition {
  let last: { readonly askedAtNs: number; readonly position: Promise<LogPosition> } | null = null;
  return () => {
    const nowNs = clock.monotonicNs();
    if (last !== null && last.askedAtNs >= nowNs - ageMsMax * 1e6) return last.position;
    const asked = { askedAtNs: nowNs, position: askPrimary() };
    last = asked;
    asked.position.catch(() => {
      // What failed is no answer: the next one asks again.
      if (last === asked) last = null;
    });
    return asked.position;
  };
}

/** No bound on the age of what is read. */
export const anyPosition: RecentPosition = async () => null;
