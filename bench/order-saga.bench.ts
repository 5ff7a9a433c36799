/**
 * Seeds a minute of the hardened order saga, and of the choreography on Kafka, on one core: plans drawn,
 * executed in the sim lane and judged, all in this process. Prints where the time goes, too.
 *
 *     node bench/order-saga.bench.ts [seeds]
 */
import { Session } from "node:inspector/promises";
import { drawFrom, planArbitrary } from "../harness/run/draw-plan.ts";
import { executePlan } from "../harness/run/execute-plan.ts";
import type { Form, Scenario } from "../harness/run/scenario.ts";
import { wallClockMs } from "../harness/time/wall-clock.ts";
import { ordersEndInAgreement } from "../scenarios/orders-end-in-agreement.scenario.ts";
import { sagasEndAtomically } from "../scenarios/sagas-end-atomically.scenario.ts";
import { profileAreas } from "./profile-areas.ts";

/** Rounds of which the median counts. */
const ROUNDS = 3;
/** Code is compiled while the first seeds run. */
const WARM_UP_SEEDS = 60;

interface Cost {
  /** Processor time of the whole process (compiler and garbage collector included), of one seed. */
  readonly processorMs: number;
  /** Processor time of the thread that runs the seeds: what a worker takes of its core. */
  readonly threadMs: number;
  readonly wallMs: number;
}

async function main(seeds: number): Promise<void> {
  let referenceMs = 0;
  for (const scenario of [sagasEndAtomically, ordersEndInAgreement]) {
    const run = runner(scenario);
    await run(1, WARM_UP_SEEDS);
    const rounds: Cost[] = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await measure(seeds, run));
    const { processorMs, threadMs, wallMs } = median(rounds);
    if (referenceMs === 0) referenceMs = processorMs;
    console.log(
      `${scenario.name}, hardened: ${perMinute(processorMs)} seeds a minute of processor time ` +
        `(${processorMs.toFixed(1)} ms a seed, ${(processorMs / referenceMs).toFixed(2)} times the order saga); ` +
        `of its thread alone ${perMinute(threadMs)}; by the clock on the wall ${perMinute(wallMs)}`,
    );
    await printProfile(() => run(1, seeds));
  }
}

/** Runs the seeds from `first` on; every one must be valid, or the numbers would mean nothing. */
function runner(scenario: Scenario): (first: number, count: number) => Promise<void> {
  const form = hardenedOf(scenario);
  const plans = planArbitrary(scenario);
  return async (first, count) => {
    for (let seed = first; seed < first + count; seed++) {
      const { record } = await executePlan({ scenario, form, seed, plan: drawFrom(plans, seed, "") });
      if (record.failure !== null || record.verdict === "invalid") {
        throw new Error(`seed ${seed}: ${record.verdict} ${record.failure?.message ?? ""}`);
      }
    }
  };
}

function hardenedOf(scenario: Scenario): Form {
  const form = scenario.forms.find(({ name }) => name === "hardened");
  if (form === undefined) throw new Error(`${scenario.name} has no hardened form`);
  return form;
}

async function measure(seeds: number, run: (first: number, count: number) => Promise<void>): Promise<Cost> {
  const startMs = wallClockMs();
  const processBefore = process.cpuUsage();
  const threadBefore = process.threadCpuUsage();
  await run(1, seeds);
  const whole = process.cpuUsage(processBefore);
  const thread = process.threadCpuUsage(threadBefore);
  return {
    processorMs: (whole.user + whole.system) / 1000 / seeds,
    threadMs: (thread.user + thread.system) / 1000 / seeds,
    wallMs: (wallClockMs() - startMs) / seeds,
  };
}

function median(costs: readonly Cost[]): Cost {
  const [middle] = [...costs]
    .sort((a, b) => a.processorMs - b.processorMs)
    .slice(Math.floor(costs.length / 2));
  if (middle === undefined) throw new Error("nothing was measured");
  return middle;
}

function perMinute(ms: number): number {
  return Math.round(60_000 / ms);
}

async function printProfile(work: () => Promise<void>): Promise<void> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 500 });
  await session.post("Profiler.start");
  await work();
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  for (const { area, share } of profileAreas(profile)) {
    console.log(`  ${(share * 100).toFixed(1).padStart(5)} %  ${area}`);
  }
}

await main(Number(process.argv[2] ?? 200));
