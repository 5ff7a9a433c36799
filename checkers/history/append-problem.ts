import type { HistoryEvent, Operation } from "./operation.ts";

/** Why an event does not fit onto the end of a history. `code` is stable; see `docs/history-format.md`. */
export interface AppendProblem {
  readonly code:
    | "index-not-rising"
    | "time-goes-back"
    | "invocation-while-open"
    | "invocation-after-info"
    | "completion-without-invocation"
    | "function-differs"
    | "key-differs";
  /** The field of the event that does not fit. */
  readonly field: string;
  readonly expected: string;
  readonly found: string;
  readonly hint: string;
}

/** The event stands before the end of the history, by index or by time; null where it does not. */
export function misplacedEvent(
  { index, time }: HistoryEvent,
  lastIndex: number,
  lastTime: number,
): AppendProblem | null {
  if (index <= lastIndex) {
    return {
      code: "index-not-rising",
      field: "index",
      expected: `more than ${lastIndex}`,
      found: String(index),
      hint: "each line has a higher index than the line before it; leave index out and lines are counted",
    };
  }
  if (time < lastTime) {
    return {
      code: "time-goes-back",
      field: "time",
      expected: `at least ${lastTime}`,
      found: String(time),
      hint: "sort the lines by time (check --order time does it), and take all times from one clock",
    };
  }
  return null;
}

/** An invocation of a process whose operation `open` has not ended; −1: it ended with info. */
export function notIdle({ process }: Operation, open: number): AppendProblem {
  if (open < 0) {
    return {
      code: "invocation-after-info",
      field: "process",
      expected: "a new process after an operation of unknown outcome",
      found: JSON.stringify(process),
      hint: "after info the client goes on under a new process number; put its own number into client",
    };
  }
  return {
    code: "invocation-while-open",
    field: "process",
    expected: `the completion of operation ${open} first`,
    found: `a second invocation by process ${JSON.stringify(process)}`,
    hint: "a process has one open operation at a time; give each concurrent caller a process of its own",
  };
}

/** A completion of a process that has no operation open. */
export function notOpen({ type, process }: Operation, endedUnknown: boolean): AppendProblem {
  const why = endedUnknown ? "ended with info" : "has none open";
  return {
    code: "completion-without-invocation",
    field: "process",
    expected: "an open invocation of this process",
    found: `${type} by process ${JSON.stringify(process)}, which ${why}`,
    hint: "each ok, fail or info follows an invoke of the same process",
  };
}

/** A completion that is about something else than its invocation. */
export function differs(
  code: "function-differs" | "key-differs",
  field: string,
  expected: string,
  found: string,
): AppendProblem {
  return {
    code,
    field,
    expected: `${JSON.stringify(expected)} as in its invocation`,
    found: JSON.stringify(found),
    hint: `a completion repeats the ${field} of its invocation`,
  };
}
