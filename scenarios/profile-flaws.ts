import { fieldOf } from "../checkers/history/json-value.ts";
import type { HistoryEvent } from "../checkers/history/operation.ts";
import type { Flaw } from "../harness/run/scenario.ts";
import { profileNodes } from "../reference-impl/systems/profiles.system.ts";
import { recordsOf, wasCrashed } from "./flaw-evidence.ts";

/** What is wrong with the seed's propagation of profiles. */
export const profileFlaws: readonly [Flaw, ...Flaw[]] = [
  {
    flaw: "updates wait in memory: a crash loses the queue",
    checker: "delivery",
    types: ["lost-message"],
    isSeenIn: (_anomaly, events) => wasCrashed(events, profileNodes.user),
  },
  {
    flaw: "an update that failed goes to the end of the queue: a newer one overtakes it",
    checker: "delivery",
    types: ["reordered-publication"],
  },
  {
    flaw: "the last arrival wins: an older profile that was overtaken wins for ever",
    checker: "projection",
    types: ["not-converged"],
    isSeenIn: ({ key = "" }, events) => endsWithOlder(events, key),
  },
];

/** Is the last profile of this user that was published an older one than another that was? */
function endsWithOlder(events: readonly HistoryEvent[], key: string): boolean {
  const versions = recordsOf(events, "published", "final", key).map(({ value }) =>
    Number(String(fieldOf(value, "message")).split("#")[1]),
  );
  return (versions.at(-1) ?? 0) < Math.max(0, ...versions);
}
