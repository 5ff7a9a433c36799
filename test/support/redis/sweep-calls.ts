import { isDeepStrictEqual } from "node:util";
import { randomStream } from "../../../harness/random/random-stream.ts";
import { drawCalls } from "./draw-calls.ts";
import { modelRedisLane, type RealRedisLane } from "./redis-lanes.ts";
import { runCalls } from "./run-calls.ts";

const CALLS = 40;

/** What a comparison came to. */
export interface SweepResult {
  readonly calls: number;
  /** How many of them ended in an error, on both. */
  readonly errors: number;
  readonly mismatches: readonly string[];
}

/** Runs programs of calls from `firstSeed` on, on the model and on the real server, call by call. */
export async function sweepCalls(
  real: RealRedisLane,
  firstSeed: number,
  programs: number,
): Promise<SweepResult> {
  const result = { calls: 0, errors: 0, mismatches: [] as string[] };
  for (let seed = firstSeed; seed < firstSeed + programs; seed++) {
    const calls = drawCalls(randomStream(seed, "calls"), CALLS);
    const model = await modelRedisLane(seed);
    const seen = await runCalls(model, calls);
    await real.empty();
    const expected = await runCalls(real, calls);
    result.calls += seen.length;
    result.errors += expected.filter((outcome) => "error" in outcome).length;
    for (const refusal of model.refusals) result.mismatches.push(`seed ${seed}: ${refusal.message}`);
    const position = expected.findIndex((outcome, index) => !isDeepStrictEqual(outcome, seen[index]));
    if (position < 0) continue;
    const program = calls.map(
      ({ client, method, args, waits }) => `${client} ${method} ${JSON.stringify(args)} ${waits ?? ""}`,
    );
    result.mismatches.push(
      [
        `seed ${seed}, outcome ${position}`,
        ...program.slice(Math.max(0, position - 12), position + 2),
        `model ${JSON.stringify(seen[position])}`,
        `real  ${JSON.stringify(expected[position])}`,
      ].join("\n"),
    );
  }
  return result;
}
