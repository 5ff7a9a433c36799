import { drawProgram } from "./draw-program.ts";
import type { KafkaProgram } from "./kafka-program.ts";
import { realKafkaLane } from "./real-kafka-lane.ts";
import { type ProgramResult, runProgram } from "./run-program.ts";
import { simKafkaLane } from "./sim-kafka-lane.ts";

/** What a comparison came to. */
export interface ProgramSweep {
  readonly programs: number;
  readonly steps: number;
  /** Steps that ended in an error, on both lanes alike. */
  readonly errors: number;
  readonly mismatches: readonly string[];
}

/**
 * Runs the programs of `count` seeds on the model, then on the real broker, `atOnce` of them at a time,
 * and compares them step by step. `session` keeps the names of topics apart from those of other sweeps.
 */
export async function sweepPrograms(
  url: string,
  session: string,
  firstSeed: number,
  count: number,
  atOnce: number,
): Promise<ProgramSweep> {
  const expected = new Map<number, ProgramResult>();
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    expected.set(seed, await onModel(drawProgram(seed), `${session}-${seed}`));
  }
  let steps = 0;
  let errors = 0;
  const mismatches: string[] = [];
  const seeds = [...expected.keys()];
  const work = async (): Promise<void> => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      const program = drawProgram(seed);
      const { steps: model, drained } = expected.get(seed) ?? { steps: [], drained: [] };
      const lane = realKafkaLane(url, `${session}-${seed}`);
      const { steps: real } = await runProgram(lane, program, drained);
      steps += real.length;
      errors += real.filter((result) => result.includes("KafkaJS")).length;
      const at = real.findIndex((result, i) => result !== model[i]);
      if (at >= 0) mismatches.push(report(program, at, model, real));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { programs: count, steps, errors, mismatches };
}

/** The model's results; throws if it refused anything: then the program asks for too much. */
export async function onModel(program: KafkaProgram, prefix: string): Promise<ProgramResult> {
  using lane = simKafkaLane(prefix, program.seed);
  const results = await runProgram(lane, program);
  const [refusal] = lane.world.server.refusals;
  if (refusal !== undefined) throw refusal;
  return results;
}

function report(
  program: KafkaProgram,
  at: number,
  model: readonly string[],
  real: readonly string[],
): string {
  const lines = program.steps.slice(0, at + 1).map((step, i) => {
    const shown = `${i}. ${JSON.stringify(step)}`;
    return i === at ? `${shown}\n   model ${model[i]}\n   real  ${real[i]}` : `${shown}\n   ${real[i]}`;
  });
  return `seed ${program.seed}:\n${lines.join("\n")}`;
}
