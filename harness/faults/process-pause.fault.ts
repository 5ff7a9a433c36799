import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { nodeName, parseParams } from "./parse-params.ts";

/** Which service or store stops for as long as the plan keeps the fault on. */
export type ProcessPauseParams = { readonly process: string };

const schema: v.GenericSchema<ProcessPauseParams> = v.strictObject({ process: nodeName });

/** Stops a process in the middle of whatever it does, as a long garbage collection or a frozen machine does. */
export const processPause: Fault<ProcessPauseParams> = {
  name: "process-pause",
  does: "pauses a process (SIGSTOP): it keeps everything and does nothing; what is sent to it waits",
  heals: "it goes on (SIGCONT), and works off what came meanwhile, in order",
  bite: "messages and timers that waited (real lane: 1 when the process was paused)",
  parse: (params) => parseParams("process-pause", schema, params),
  target: ({ process }) => process,
  processes: ({ process }) => [process],
  ready: (port, { process }) => port.isUp(process),
  inject: (port, { process }) => {
    let paused = port.pause(process);
    let waited = 0;
    let healed = false;
    const bites = () => {
      waited = Math.max(waited, paused?.waited() ?? 0);
      // Ended by a crash, or by the heal of another pause, before anything waited: it begins anew.
      if (waited === 0 && !healed && port.isUp(process)) paused = port.pause(process) ?? paused;
      return waited;
    };
    const heal = () => {
      healed = true;
      paused?.resume();
    };
    return { bites, [Symbol.dispose]: heal };
  },
  real: async (port, { process: name }) => {
    const process = port.process(name);
    const bites = process.isUp() ? 1 : 0;
    await process.pause();
    return { bites: async () => bites, heal: () => process.resume() };
  },
  needs: ["processes"],
};
