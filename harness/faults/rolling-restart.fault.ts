import * as v from "valibot";
import type { Fault } from "./fault.ts";
import type { FaultPort } from "./fault-port.ts";
import { nodeNames, parseParams } from "./parse-params.ts";
import type { RealFaultPort } from "./real-fault-port.ts";

/** Which services are restarted, in this order. */
export type RollingRestartParams = { readonly processes: readonly string[] };

const schema: v.GenericSchema<RollingRestartParams> = v.strictObject({ processes: nodeNames });

/** How often the sim lane looks whether a service is down, or up again. */
const POLL_MS = 1;

/** Restarts services one after the other, as a deployment does: the next one stops when the last one serves. */
export const rollingRestart: Fault<RollingRestartParams> = {
  name: "rolling-restart",
  does: "stops services in order and starts them again, one after the other",
  heals: "starts the service that is down; the rest is not restarted any more",
  bite: "services that were stopped",
  parse: (params) => parseParams("rolling-restart", schema, params),
  target: ({ processes }) => processes.join(", then "),
  processes: ({ processes }) => processes,
  inject: (port, { processes }) => {
    const roll = new SimRoll(port, processes);
    return { bites: () => roll.stopped, [Symbol.dispose]: () => roll.end() };
  },
  real: async (port, { processes }) => {
    const roll = { stopped: 0, over: false };
    const restarts = restartAll(port, processes, roll);
    // Whoever heals gets to know of a failure.
    restarts.catch(() => {});
    return {
      bites: async () => roll.stopped,
      heal: async () => {
        roll.over = true;
        await restarts;
      },
    };
  },
  needs: ["processes"],
};

async function restartAll(
  port: RealFaultPort,
  processes: readonly string[],
  roll: { stopped: number; readonly over: boolean },
): Promise<void> {
  for (const name of processes) {
    if (roll.over) return;
    const process = port.process(name);
    if (process.isUp()) roll.stopped++;
    await process.stopGracefully();
    await process.start();
  }
}

/** The restarts of the sim lane, one step at each look. */
class SimRoll {
  stopped = 0;
  readonly #port: FaultPort;
  readonly #waiting: string[];
  #down: string | null = null;
  #cancel: () => void = () => {};

  constructor(port: FaultPort, processes: readonly string[]) {
    this.#port = port;
    this.#waiting = [...processes];
    this.#step();
  }

  end(): void {
    this.#waiting.length = 0;
    this.#cancel();
    const down = this.#down;
    this.#down = null;
    if (down !== null) this.#port.restart(down);
  }

  #step(): void {
    const port = this.#port;
    const down = this.#down;
    if (down !== null && !port.isUp(down)) port.restart(down);
    if (down === null || port.isServing(down)) {
      this.#down = null;
      const [next] = this.#waiting;
      if (next === undefined) return;
      // One that another fault has killed is waited for.
      if (port.isServing(next) && port.stop(next)) {
        this.#waiting.shift();
        this.#down = next;
        this.stopped++;
      }
    }
    this.#cancel = port.after(POLL_MS, () => this.#step());
  }
}
