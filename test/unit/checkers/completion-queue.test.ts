import fc from "fast-check";
import { expect, test } from "vitest";
import { CompletionQueue } from "../../../checkers/history/completion-queue.ts";

test("gives calls back by rising completion, and only those that ended before", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(200), { maxLength: 40 }), fc.nat(200), (completions, row) => {
      const queue = new CompletionQueue<string>();
      for (const completion of completions) queue.push(completion, `call ${completion}`);
      const popped: string[] = [];
      for (let call = queue.popBefore(row); call !== undefined; call = queue.popBefore(row))
        popped.push(call);
      const ended = completions.filter((completion) => completion < row).sort((a, b) => a - b);
      expect(popped).toEqual(ended.map((completion) => `call ${completion}`));
      expect(queue.size).toBe(completions.length - ended.length);
    }),
    { seed: 20, numRuns: 300 },
  );
});
