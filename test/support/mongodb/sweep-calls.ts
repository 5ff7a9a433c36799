import { isDeepStrictEqual } from "node:util";
import { randomStream } from "../../../harness/random/random-stream.ts";
import { drawCalls } from "./draw-calls.ts";
import type { MongodbCall, MongodbOutcome } from "./mongodb-call.ts";
import { modelMongodbLane, type RealMongodbLane } from "./mongodb-lanes.ts";
import { runCalls } from "./run-calls.ts";
import { standInDeviations } from "./stand-in-deviations.ts";

const CALLS = 16;

/** What a comparison came to. */
export interface SweepResult {
  /** Calls that were compared. */
  calls: number;
  /** How many of them ended in an error on the real server. */
  errors: number;
  readonly mismatches: string[];
  /** How often a known deviation of the stand-in was met. */
  readonly deviations: Map<string, number>;
}

/**
 * Runs programs of calls from `firstSeed` on, on the model and on the real server, and compares call by
 * call what came of it and what the collection holds afterwards. Where the server is the stand-in, its
 * known deviations are counted; a program ends with one that leaves another collection behind.
 */
export async function sweepCalls(
  real: RealMongodbLane,
  standIn: boolean,
  firstSeed: number,
  programs: number,
): Promise<SweepResult> {
  const result: SweepResult = { calls: 0, errors: 0, mismatches: [], deviations: new Map() };
  for (let seed = firstSeed; seed < firstSeed + programs; seed++) {
    const calls = drawCalls(randomStream(seed, "calls"), CALLS);
    const model = modelMongodbLane(seed);
    const name = `c${seed}`;
    const seen = await runCalls(model, name, calls);
    const expected = await runCalls(real, name, calls);
    await real.dropCollection(name);
    for (const refusal of model.refusals) result.mismatches.push(`seed ${seed}: ${refusal.message}`);
    compareProgram(result, `seed ${seed}`, standIn, calls, seen, expected);
  }
  return result;
}

function compareProgram(
  result: SweepResult,
  where: string,
  standIn: boolean,
  calls: readonly MongodbCall[],
  seen: readonly MongodbOutcome[],
  expected: readonly MongodbOutcome[],
): void {
  for (const [index, call] of calls.entries()) {
    const [before, outcome, after] = [expected[index * 2 - 1], expected[index * 2], expected[index * 2 + 1]];
    const [modelOutcome, modelAfter] = [seen[index * 2], seen[index * 2 + 1]];
    if (outcome === undefined || modelOutcome === undefined) throw new Error("a call without an outcome");
    result.calls++;
    if ("error" in outcome) result.errors++;
    const sameAfter = isDeepStrictEqual(after, modelAfter);
    if (sameAfter && isSame(outcome, modelOutcome)) continue;
    const known = standIn
      ? standInDeviations.find((deviation) =>
          deviation.explains(call, modelOutcome, outcome, JSON.stringify(before ?? [])),
        )
      : undefined;
    if (known === undefined) {
      const lines = [
        `${where}, call ${index}: ${call.method} ${JSON.stringify(call.args)}`,
        ...[`before ${JSON.stringify(before)}`, `model ${JSON.stringify(modelOutcome)}`],
        ...[`real  ${JSON.stringify(outcome)}`],
        ...(sameAfter
          ? []
          : [`model after ${JSON.stringify(modelAfter)}`, `real after  ${JSON.stringify(after)}`]),
      ];
      result.mismatches.push(lines.join("\n"));
      return;
    }
    result.deviations.set(known.name, (result.deviations.get(known.name) ?? 0) + 1);
    if (!sameAfter) return;
  }
}

/** The texts of errors are not compared, but for the key in that of a duplicate key. */
function isSame(left: MongodbOutcome, right: MongodbOutcome): boolean {
  if (!("error" in left) || !("error" in right)) return isDeepStrictEqual(left, right);
  return left.error === right.error && left.code === right.code && left.keys === right.keys;
}
