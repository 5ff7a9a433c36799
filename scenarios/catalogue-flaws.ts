import type { Anomaly } from "../checkers/checker.ts";
import { fieldOf } from "../checkers/history/json-value.ts";
import type { HistoryEvent } from "../checkers/history/operation.ts";
import type { Flaw } from "../harness/run/scenario.ts";
import { numberIn, recordsOf } from "./flaw-evidence.ts";

/** What is wrong with the seed's catalogue. */
export const catalogueFlaws: readonly [Flaw, ...Flaw[]] = [
  {
    flaw: "a creation that is delivered again lists its product twice in its category and in search",
    checker: "projection",
    types: ["listed-twice"],
    isSeenIn: wasAppliedAgain,
  },
  {
    flaw: "a price that overtakes the creation of its product is dropped for ever",
    checker: "projection",
    types: ["applied-out-of-order", "not-converged", "state-off-log"],
    isSeenIn: overtookCreation,
  },
  {
    flaw: "a price change of an unknown product is accepted",
    checker: "definite-answers",
    types: ["bad-input-accepted"],
  },
  {
    flaw: "search results have no order",
    checker: "projection",
    types: ["list-unordered"],
    isSeenIn: isAboutSearch,
  },
  {
    flaw: "the cut at `max_results` is arbitrary",
    checker: "projection",
    types: ["list-cut-elsewhere"],
    isSeenIn: isAboutSearch,
  },
  {
    flaw: "the event is stored, then the subscribers are told: what comes between the two loses it to the read model",
    checker: "projection",
    types: ["missing-entity"],
  },
];

/** One event of this product was applied twice: it is not the product that was created twice. */
function wasAppliedAgain({ key }: Anomaly, events: readonly HistoryEvent[]): boolean {
  const applied = recordsOf(events, "applied", "live", key).map(({ value }) => fieldOf(value, "event"));
  return new Set(applied).size < applied.length;
}

/** A later event of this product was applied before its creation. */
function overtookCreation({ key }: Anomaly, events: readonly HistoryEvent[]): boolean {
  const creation = recordsOf(events, "event", "final", key).find(
    ({ value }) => fieldOf(value, "put") !== undefined,
  );
  if (creation === undefined) return false;
  const created = numberIn(creation, "position");
  const applied = recordsOf(events, "applied", "live", key).map((record) => numberIn(record, "position"));
  const at = applied.indexOf(created);
  return applied.slice(0, at === -1 ? undefined : at).some((position) => position > created);
}

function isAboutSearch({ key = "" }: Anomaly): boolean {
  return key.startsWith("search/");
}
