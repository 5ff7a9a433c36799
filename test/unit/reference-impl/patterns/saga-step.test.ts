import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SagaEntry, SagaEvent } from "../../../../reference-impl/patterns/saga-log.ts";
import { nextMove, type SagaStep, undoRules } from "../../../../reference-impl/patterns/saga-step.ts";

const command = () => ({ service: "s", path: "/" });
const steps: readonly SagaStep<null>[] = [
  { name: "a", do: command, undo: command },
  { name: "b", do: command, undo: command },
  { name: "c", do: command, undo: command },
  { name: "last", do: command },
];

/** The next move in words, after a log in words: `a done, b unknown`. */
function next(log: string): string {
  const entries =
    log === ""
      ? []
      : log.split(", ").map((line): SagaEntry => {
          const [step = "", event] = line.split(" ");
          return { step, event: event as SagaEvent };
        });
  const move = nextMove(steps, entries, undoRules);
  return move.kind === "end" ? move.state : `${move.kind} ${move.step.name}`;
}

describe("what comes next in a saga", () => {
  test("is the first step that is not done", () => {
    expect(next("")).toBe("do a");
    expect(next("a doing, a done")).toBe("do b");
    expect(next("a done, b done, c done, last done")).toBe("completed");
  });

  test("is the same step again where nobody noted what came of it", () => {
    expect(next("a done, b doing")).toBe("do b");
    expect(next("a done, b refused, a undoing")).toBe("undo a");
  });

  test("is to take back, last first, whatever may have happened", () => {
    expect(next("a done, b done, c refused")).toBe("undo b");
    expect(next("a done, b done, c unknown")).toBe("undo c");
    expect(next("a done, b done, c not-sent")).toBe("undo b");
    expect(next("a done, b done, c unknown, c undone, b undone")).toBe("undo a");
    expect(next("a done, b unknown, b undone, a undone")).toBe("aborted");
    expect(next("a refused")).toBe("aborted");
  });

  test("leads to an end from any outcomes, and an aborted saga leaves nothing", () => {
    const outcome = fc.constantFrom<SagaEvent>("done", "done", "done", "refused", "unknown", "not-sent");
    fc.assert(
      fc.property(fc.array(outcome, { minLength: 4, maxLength: 4 }), (outcomes) => {
        const entries: SagaEntry[] = [];
        const undone: string[] = [];
        let sent = 0;
        for (;;) {
          const move = nextMove(steps, entries, undoRules);
          if (move.kind === "end") {
            const possible = steps.slice(0, sent).filter(({ name, undo }) => {
              const event = entries.find(({ step }) => step === name)?.event;
              return undo !== undefined && (event === "done" || event === "unknown");
            });
            expect(undone).toEqual(
              move.state === "completed" ? [] : possible.map(({ name }) => name).toReversed(),
            );
            return;
          }
          const { name } = move.step;
          if (move.kind === "undo") undone.push(name);
          entries.push({ step: name, event: move.kind === "undo" ? "undone" : (outcomes[sent++] ?? "done") });
        }
      }),
    );
  });
});
