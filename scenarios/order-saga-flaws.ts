import type { Anomaly } from "../checkers/checker.ts";
import { fieldOf } from "../checkers/history/json-value.ts";
import type { HistoryEvent } from "../checkers/history/operation.ts";
import type { Flaw } from "../harness/run/scenario.ts";
import { orderSagaNodes } from "../reference-impl/systems/order-saga.system.ts";
import { recordsOf, wasCrashed } from "./flaw-evidence.ts";

const checker = "saga-atomicity";
/** The steps that can be undone. */
const undoable = ["reserve", "payment", "ship"] as const;

/** What is wrong with the seed's orchestrator. */
export const orderSagaFlaws: readonly [Flaw, ...Flaw[]] = [
  {
    flaw: "the progress is in memory: a crash leaves stock reserved, and money taken, for ever",
    checker,
    types: ["stuck-saga"],
    isSeenIn: ({ key = "" }, events) =>
      wasCrashed(events, orderSagaNodes.saga) && leftDone(events, key).length > 0,
  },
  {
    flaw: "a step whose answer was lost is neither repeated nor undone",
    checker,
    types: ["lost-compensation"],
    isSeenIn: (anomaly, events) => beginnings(events, anomaly) === 1 && !isPrinted(events, anomaly.key),
  },
  {
    flaw: "an error of a compensation, or a `False`, is ignored",
    checker,
    types: ["lost-compensation"],
    isSeenIn: ({ key }, events) => isPrinted(events, key),
  },
  {
    flaw: "a step that is tried again has its effect twice: a retry charges twice",
    checker,
    types: ["double-effect"],
    isSeenIn: (anomaly, events) =>
      beginnings(events, anomaly) === 1 && isAboutStep(anomaly, events, undoable),
  },
  {
    flaw: "the same order can be processed twice",
    checker,
    types: ["double-effect"],
    isSeenIn: (anomaly, events) => beginnings(events, anomaly) > 1,
  },
];

/** How often a saga began for the order. */
function beginnings(events: readonly HistoryEvent[], { key = "" }: Anomaly): number {
  return recordsOf(events, "saga", "live", key).filter(({ value }) => fieldOf(value, "state") === "running")
    .length;
}

/** Did the orchestrator print that it failed to undo a step which then stayed done? */
function isPrinted(events: readonly HistoryEvent[], key = ""): boolean {
  const printed = recordsOf(events, "compensation-failed", "live", key).map(({ value }) =>
    fieldOf(value, "step"),
  );
  return leftDone(events, key).some((step) => printed.includes(step));
}

/** Steps of an order that can be undone, and were done more often than undone. */
function leftDone(events: readonly HistoryEvent[], key: string): readonly string[] {
  return undoable.filter((step) => {
    const kinds = recordsOf(events, "effect", "final", key)
      .filter(({ value }) => fieldOf(value, "step") === step)
      .map(({ value }) => fieldOf(value, "kind"));
    const undone = kinds.filter((kind) => kind === "undo").length;
    return kinds.length - undone > undone;
  });
}

function isAboutStep(
  { operations }: Anomaly,
  events: readonly HistoryEvent[],
  steps: readonly string[],
): boolean {
  const record = events[operations[0]];
  return record?.type === "record" && steps.includes(String(fieldOf(record.value, "step")));
}
