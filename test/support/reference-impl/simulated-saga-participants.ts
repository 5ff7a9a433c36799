import type { CallOutcome } from "../../../reference-impl/patterns/outgoing-call.ts";
import type { SagaObserver } from "../../../reference-impl/patterns/saga-drive.ts";
import type { SagaCommand, SagaStep } from "../../../reference-impl/patterns/saga-step.ts";

/** What an order is made of in these tests: two steps that can be taken back, and a last one that cannot. */
export const orderSteps: readonly SagaStep<{ readonly order: string }>[] = [
  {
    name: "reserve",
    do: () => ({ service: "stock", path: "/do/reserve" }),
    undo: () => ({ service: "stock", path: "/undo/reserve" }),
  },
  {
    name: "pay",
    do: ({ order }) => ({ service: "payment", path: "/do/pay", body: { order } }),
    undo: () => ({ service: "payment", path: "/undo/pay" }),
  },
  { name: "ship", do: () => ({ service: "shipping", path: "/do/ship" }) },
];

/** Outcomes that a participant can give. */
export const outcomes: Readonly<Record<"done" | "refused" | "unknown" | "notSent", CallOutcome>> = {
  done: { kind: "done", status: 200, body: null },
  refused: { kind: "refused", status: 409, body: null },
  unknown: { kind: "unknown", reason: "timeout" },
  notSent: { kind: "not-sent", reason: "ECONNREFUSED" },
};

/** Answers the commands of sagas as a test has it, and notes them in the order in which they came. */
export class SagaParticipants {
  readonly sent: { readonly path: string; readonly key: string; readonly body: unknown }[] = [];
  /** What becomes of the nth command with this path, from 1. */
  answer: (path: string, nth: number) => CallOutcome | Promise<CallOutcome> = () => outcomes.done;

  readonly send = async ({ path, body }: SagaCommand, key: string): Promise<CallOutcome> => {
    this.sent.push({ path, key, body });
    return await this.answer(path, this.sent.filter((each) => each.path === path).length);
  };

  /** The commands without what they carry. */
  get paths(): string[] {
    return this.sent.map(({ path }) => path);
  }
}

/** An observer that notes the states of sagas and what came of each attempt. */
export function notingObserver(): SagaObserver & { readonly notes: string[] } {
  const notes: string[] = [];
  return {
    notes,
    state: (id, state) => void notes.push(`${id} ${state}`),
    attempted: (_id, step, kind) => void notes.push(`${kind} ${step}`),
    calling: () => ({
      attempt: (outcome) => void notes.push(outcome),
      end: () => void notes.push("end"),
    }),
  };
}
