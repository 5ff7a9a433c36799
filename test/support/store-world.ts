import { randomStream } from "../../harness/random/random-stream.ts";
import { Network } from "../../harness/sim/network.ts";
import { Scheduler } from "../../harness/sim/scheduler.ts";
import type { Owner } from "../../harness/sim/sim-event.ts";

/** Virtual time and a network, for tests of a model store. */
export class StoreWorld {
  readonly root: Owner = { name: "test", alive: true };
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly seed: number;

  constructor(seed = 1) {
    this.seed = seed;
    this.scheduler = new Scheduler(randomStream(seed, "ranks"), this.root, "tick");
    const latency = randomStream(seed, "latency");
    this.network = new Network(this.scheduler, () => latency.integer(100_000, 500_000));
  }

  /** Runs until nothing is left to do, or until a moment of virtual time. */
  async run(untilMs: number = Number.POSITIVE_INFINITY): Promise<void> {
    await this.scheduler.drive(() => false, { events: 1e6, timeNs: untilMs * 1e6 });
  }

  /** Lets so much virtual time pass. */
  async pass(ms: number): Promise<void> {
    await this.finish(this.scheduler.sleep(ms * 1e6));
  }

  /** Runs until the work has settled and answers it. */
  async finish<Value>(work: Promise<Value>): Promise<Value> {
    let settled = false;
    const done = (): void => {
      settled = true;
    };
    work.then(done, done);
    await this.scheduler.drive(() => settled, { events: 1e7, timeNs: Number.POSITIVE_INFINITY });
    if (!settled) throw new Error("nothing is left to run, and the work has not settled");
    return await work;
  }

  /** Runs until the work has settled and answers its error; fails where it has none. */
  async failure(work: Promise<unknown>): Promise<Error & Record<string, unknown>> {
    try {
      await this.finish(work);
    } catch (error) {
      return error as Error & Record<string, unknown>;
    }
    throw new Error("the work succeeded");
  }
}
