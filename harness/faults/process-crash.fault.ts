import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { nodeName, parseParams } from "./parse-params.ts";

/** Which service or store is killed. It stays down for as long as the plan keeps the fault on. */
export type ProcessCrashParams = { readonly process: string };

const schema: v.GenericSchema<ProcessCrashParams> = v.strictObject({ process: nodeName });

/** Kills a service or a store at once, and starts it again when it heals. */
export const processCrash: Fault<ProcessCrashParams> = {
  name: "process-crash",
  does: "kills a process: its memory and its connections are gone, what it committed stays",
  heals: "starts the process again",
  bite: "1 when the process was killed",
  parse: (params) => parseParams("process-crash", schema, params),
  target: ({ process }) => process,
  processes: ({ process }) => [process],
  // A process that is down already, by another fault, cannot be killed.
  ready: (port, { process }) => port.isUp(process),
  inject: (port, { process }) => {
    const bites = port.crash(process) ? 1 : 0;
    return { bites: () => bites, [Symbol.dispose]: () => port.restart(process) };
  },
  real: async (port, { process: name }) => {
    const process = port.process(name);
    const bites = process.isUp() ? 1 : 0;
    await process.kill();
    return { bites: async () => bites, heal: () => process.start() };
  },
  needs: ["processes"],
};
