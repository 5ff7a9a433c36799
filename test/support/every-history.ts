import type { HistoryEvent, Json, Operation } from "../../checkers/history/operation.ts";

/** What a client may ask, and how that may end. */
export interface PossibleCall {
  readonly f: string;
  readonly value?: Json;
  /** The value of a `fail` is the code of its error. */
  readonly ends: readonly (readonly [type: Operation["type"], value?: Json])[];
}

/** Every history of two clients on one key with that many events: whoever is idle may ask, whoever waits may be answered. */
export function* everyHistory(
  calls: readonly PossibleCall[],
  length: number,
  begun: readonly HistoryEvent[] = [],
  open: readonly (PossibleCall | null)[] = [null, null],
): Generator<readonly HistoryEvent[], void, undefined> {
  if (begun.length === length) {
    yield begun;
    return;
  }
  for (const [client, call] of open.entries()) {
    // The clients are alike: the first event is of the first.
    if (begun.length === 0 && client > 0) return;
    const add = (f: string, type: Operation["type"], value: Json | undefined): HistoryEvent[] => {
      const index = begun.length;
      const what = type === "fail" && typeof value === "string" ? { error: { code: value } } : { value };
      const told = value === undefined ? {} : what;
      return [...begun, { index, time: index, process: client, type, f, key: "k", ...told }];
    };
    const now = (next: PossibleCall | null) => open.map((one, at) => (at === client ? next : one));
    if (call === null) {
      for (const next of calls)
        yield* everyHistory(calls, length, add(next.f, "invoke", next.value), now(next));
    } else {
      for (const [type, value] of call.ends)
        yield* everyHistory(calls, length, add(call.f, type, value), now(null));
    }
  }
}
