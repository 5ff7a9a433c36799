import { drawReplicaProgram, type ReplicaProgram, type ReplicaStep } from "./draw-replica-program.ts";
import { openModelReplicaLane } from "./model-replica-lane.ts";
import { openRealReplicaLane, type RealReplicaPair } from "./real-replica-lane.ts";
import { runReplicaProgram } from "./run-replica-program.ts";

/** What a comparison of a model replica with a real standby found. */
export interface ReplicaSweep {
  readonly programs: number;
  /** Steps of both sides that answered something. */
  readonly calls: number;
  /** How often each kind of answer came: of the reads behind, the refusals, and so on. */
  readonly kinds: ReadonlyMap<string, number>;
  /** One report each. */
  readonly mismatches: readonly string[];
}

/** Runs the programs of these seeds on both, one after the other, and compares what each step answered. */
export async function sweepReplicaPrograms(
  pair: RealReplicaPair,
  firstSeed: number,
  count: number,
  crashes: boolean,
): Promise<ReplicaSweep> {
  const mismatches: string[] = [];
  const kinds = new Map<string, number>();
  let calls = 0;
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const program = drawReplicaProgram(seed, crashes);
    await using lane = await openRealReplicaLane(pair);
    const real = await runReplicaProgram(lane, program);
    const model = await runReplicaProgram(await openModelReplicaLane(seed), program);
    for (const [at, text] of real.entries()) {
      if (text === "skipped" || text === "no position") continue;
      calls++;
      const kind = kindOf(program.steps[at], text);
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    const first = real.findIndex((text, at) => text !== model[at]);
    if (first >= 0) mismatches.push(report(program, first, real, model));
  }
  return { programs: count, calls, kinds, mismatches };
}

/** `primary error 23505`, `reader rows`, `pause`, `reached false`. */
function kindOf(step: ReplicaStep | undefined, text: string): string {
  if (step === undefined || !("session" in step)) return text;
  const who = step.session === "primary" ? "primary" : "reader";
  if (step.action.do !== "statement") return `${who} ${text}`;
  return `${who} ${text.startsWith("error") || text === "no rows" ? text : "rows"}`;
}

function report(
  program: ReplicaProgram,
  first: number,
  real: readonly string[],
  model: readonly string[],
): string {
  const lines = program.steps.slice(0, first + 1).map((step, at) => {
    return `  ${at}  ${JSON.stringify(step)}\n      ${real[at]}`;
  });
  return [program.name, ...lines, `      the model: ${model[first]}`].join("\n");
}
