import { runOnModel } from "./model-lane.ts";
import { describeSchedule, type Schedule, type Trace } from "./schedule.ts";

/** How the model's outcomes relate to what the real server did. */
export type Comparison =
  | { readonly kind: "same" }
  /** SERIALIZABLE only: the model aborted where PostgreSQL did not, or aborted another transaction. */
  | { readonly kind: "extra abort" }
  | { readonly kind: "mismatch"; readonly report: string };

/** Model seeds that are tried until one gives the real outcome: some races are PostgreSQL's own. */
const seedsMax = 80;

/** Whether the real outcome is one of the model's outcomes. */
export async function compareExactly(schedule: Schedule, real: Trace): Promise<Comparison> {
  const traces = new Map<string, Trace>();
  for (let seed = 0; seed < seedsMax; seed++) {
    const trace = await runOnModel(schedule, seed);
    if (sameTrace(trace, real)) return { kind: "same" };
    traces.set(JSON.stringify(trace), trace);
  }
  return { kind: "mismatch", report: report(schedule, real, [...traces.values()]) };
}

/**
 * For SERIALIZABLE: the model must not let a transaction commit that PostgreSQL stopped with 40001, unless
 * it stopped another one of the same schedule instead.
 */
export async function compareOneSided(schedule: Schedule, real: Trace): Promise<Comparison> {
  const traces = new Map<string, Trace>();
  for (let seed = 0; seed < seedsMax / 2; seed++) {
    const trace = await runOnModel(schedule, seed);
    if (sameTrace(trace, real)) return { kind: "same" };
    traces.set(JSON.stringify(trace), trace);
  }
  const nearest = [...traces.values()].sort((a, b) => commonSteps(b, real) - commonSteps(a, real))[0] ?? [];
  const step = commonSteps(nearest, real);
  if (nearest.slice(step).some((text) => text.includes("40001"))) return { kind: "extra abort" };
  return { kind: "mismatch", report: report(schedule, real, [...traces.values()]) };
}

function sameTrace(a: Trace, b: Trace): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

function commonSteps(a: Trace, b: Trace): number {
  let steps = 0;
  while (steps < a.length && a[steps] === b[steps]) steps++;
  return steps;
}

function report(schedule: Schedule, real: Trace, models: readonly Trace[]): string {
  const show = (trace: Trace): string =>
    trace
      .map((text, index) => `  ${String(index).padStart(2)}  ${text === real[index] ? " " : "*"} ${text}`)
      .join("\n");
  return [
    describeSchedule(schedule),
    "PostgreSQL:",
    show(real),
    ...models
      .slice(0, 3)
      .map((trace, index) => `model, outcome ${index + 1} of ${models.length}:\n${show(trace)}`),
  ].join("\n");
}
