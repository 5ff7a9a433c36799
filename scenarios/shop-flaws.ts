import type { Anomaly } from "../checkers/checker.ts";
import { fieldOf } from "../checkers/history/json-value.ts";
import type { HistoryEvent } from "../checkers/history/operation.ts";
import type { Flaw } from "../harness/run/scenario.ts";
import { choreographyNodes } from "../reference-impl/systems/choreography.system.ts";
import { recordsOf, wasAcknowledged, wasCrashed } from "./flaw-evidence.ts";
import { oversoldBy } from "./oversold-by.ts";

/** In the seed's form all three services are in this process. */
const process = choreographyNodes.order;
const atomicity = "saga-atomicity";

/** What is wrong with the seed's shop. */
export const shopFlaws: readonly [Flaw, ...Flaw[]] = [
  {
    flaw: "the bus swallows a handler's error: the event is lost to it for ever, and the order stays PENDING",
    checker: atomicity,
    types: ["stuck-saga"],
    isSeenIn: ({ key = "" }, events) => !wasCrashed(events, process) && wasAcknowledged(events, "place", key),
  },
  {
    flaw: "a crash loses every event that is not delivered: an order that was under way stays PENDING",
    checker: atomicity,
    types: ["stuck-saga"],
    isSeenIn: ({ key = "" }, events) => wasUnderWayAtCrash(events, key),
  },
  {
    flaw: "the order is stored, then published: if it fails between the two nobody ever hears of the order",
    checker: atomicity,
    types: ["stuck-saga"],
    isSeenIn: ({ key = "" }, events) =>
      !wasCrashed(events, process) && !wasAcknowledged(events, "place", key) && !hasEffects(events, key),
  },
  {
    flaw: "`inventory.insufficient` has no subscriber: the order is PAID without pieces, and the money is kept",
    checker: atomicity,
    types: ["missing-effect"],
    isSeenIn: ({ key = "" }, events) =>
      hasEffects(events, key, "payment") && !hasEffects(events, key, "stock"),
  },
  {
    flaw: "an order that comes again is paid for again",
    checker: atomicity,
    types: ["double-effect"],
    isSeenIn: isAbout("payment"),
  },
  {
    flaw: "an order that comes again is reserved again",
    checker: atomicity,
    types: ["double-effect"],
    isSeenIn: isAbout("stock"),
  },
  {
    flaw: "two lines of one product pass the check one by one, and oversell",
    checker: "conservation",
    types: ["negative-amount"],
    isSeenIn: (_anomaly, events) => oversoldBy(events) === "lines",
  },
  {
    flaw: "the check and the reservation are two steps: two orders take the last item",
    checker: "conservation",
    types: ["negative-amount"],
    isSeenIn: (_anomaly, events) => oversoldBy(events) === "race",
  },
];

/** Was the process crashed while the order was being placed? It is answered when all handlers are done. */
function wasUnderWayAtCrash(events: readonly HistoryEvent[], key: string): boolean {
  const isPlace = (event: HistoryEvent) => "f" in event && event.f === "place" && event.key === key;
  const sent = events.findIndex((event) => event.type === "invoke" && isPlace(event));
  const done = events.findIndex((event) => event.type === "ok" && isPlace(event));
  return sent >= 0 && wasCrashed(events.slice(sent, done < 0 ? undefined : done), process);
}

function hasEffects(events: readonly HistoryEvent[], key: string, step?: string): boolean {
  return recordsOf(events, "effect", "final", key).some(
    ({ value }) => step === undefined || fieldOf(value, "step") === step,
  );
}

/** Is the anomaly about that step? Its witness are records of the step. */
function isAbout(step: string) {
  return ({ operations }: Anomaly, events: readonly HistoryEvent[]): boolean => {
    const [first = -1] = operations;
    const record = events[first];
    return record?.type === "record" && fieldOf(record.value, "step") === step;
  };
}
