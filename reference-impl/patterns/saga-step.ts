import type { SagaEntry, SagaEvent, SagaState } from "./saga-log.ts";

/** What is sent to a participant; always a POST. */
export interface SagaCommand {
  readonly service: string;
  readonly path: string;
  readonly body?: unknown;
}

/** One step of a saga. */
export interface SagaStep<Input> {
  readonly name: string;
  /** What does it. */
  readonly do: (input: Input) => SagaCommand;
  /**
   * What takes it back; `undoes`, the request key of what it takes back, becomes its body. A step without
   * it is sent until it is done: after it nothing may fail any more.
   */
  readonly undo?: (input: Input) => SagaCommand;
}

/** What comes next in a saga. */
export type NextMove<Input> =
  | { readonly kind: "do" | "undo"; readonly step: SagaStep<Input> }
  | { readonly kind: "end"; readonly state: Exclude<SagaState, "running"> };

/** The rules by which a failed saga is taken back. */
export interface UndoRules {
  /** May a step whose log ends like this have had its effect? */
  readonly mayHaveHappened: (event: SagaEvent) => boolean;
  /** Puts steps, given in the order in which they were done, into the order in which they are undone. */
  readonly orderOfUndo: <Step>(steps: readonly Step[]) => readonly Step[];
}

/** Everything that is not certain not to have happened is taken back, last first. */
export const undoRules: UndoRules = {
  mayHaveHappened: (event) => event === "done" || event === "unknown" || event === "doing",
  orderOfUndo: (steps) => steps.toReversed(),
};

/** What comes next, by the log alone: any process that reads the same log goes on in the same way. */
export function nextMove<Input>(
  steps: readonly SagaStep<Input>[],
  entries: readonly SagaEntry[],
  rules: UndoRules,
): NextMove<Input> {
  const ends = new Map<string, SagaEvent>();
  const undone = new Set<string>();
  let failed = false;
  for (const { step, event } of entries) {
    if (event === "undone") undone.add(step);
    else if (event !== "undoing") ends.set(step, event);
    failed ||= event === "refused" || event === "not-sent" || event === "unknown";
  }
  if (!failed) {
    const step = steps.find(({ name }) => ends.get(name) !== "done");
    return step === undefined ? { kind: "end", state: "completed" } : { kind: "do", step };
  }
  const open = steps.filter(({ name, undo }) => {
    const event = ends.get(name);
    return undo !== undefined && event !== undefined && rules.mayHaveHappened(event) && !undone.has(name);
  });
  const [step] = rules.orderOfUndo(open);
  return step === undefined ? { kind: "end", state: "aborted" } : { kind: "undo", step };
}
