import { fieldOf } from "../../checkers/history/json-value.ts";
import type { HistoryEvent, Json, Operation } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "./choice-tape.ts";

/** The events of a versioned store with one or two answers changed: versions, values, outcomes. */
export function alterAnswers(events: readonly HistoryEvent[], tape: ChoiceTape): HistoryEvent[] {
  const altered = [...events];
  for (let times = 1 + tape.below(2); times > 0; times--) {
    const at = tape.below(altered.length);
    const event = altered[at]!;
    if (event.type !== "fault" && event.type !== "phase" && event.type !== "record")
      altered[at] = alter(event, tape);
  }
  return altered;
}

function alter(event: Operation, tape: ChoiceTape): Operation {
  const { value } = event;
  switch (tape.below(5)) {
    case 0:
      return withField(event, "version", Math.max(1, Number(fieldOf(value, "version")) + tape.below(3) - 1));
    case 1:
      return withField(event, "value", tape.pick(["same", "v0", "v1", "v2"]));
    case 2:
      return withField(event, "expected", 1 + tape.below(4));
    case 3: {
      if (event.type !== "fail") return event;
      return { ...event, error: { code: event.error?.code === "conflict" ? "refused" : "conflict" } };
    }
    default: {
      if (event.type !== "ok" || event.f === "read") return event;
      const { value: _, ...rest } = event;
      return { ...rest, type: "fail", error: { code: "conflict" } };
    }
  }
}

function withField(event: Operation, name: string, field: Json): Operation {
  if (fieldOf(event.value, name) === undefined) return event;
  return { ...event, value: { ...(event.value as Record<string, Json>), [name]: field } };
}
