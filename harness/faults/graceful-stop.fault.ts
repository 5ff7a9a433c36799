import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { nodeName, parseParams } from "./parse-params.ts";

/** Which service stops. It stays down for as long as the plan keeps the fault on. */
export type GracefulStopParams = { readonly process: string };

const schema: v.GenericSchema<GracefulStopParams> = v.strictObject({ process: nodeName });

/** Stops a service in order (SIGTERM), and starts it again when it heals. */
export const gracefulStop: Fault<GracefulStopParams> = {
  name: "graceful-stop",
  does: "stops a service in order (SIGTERM): it refuses connections, finishes what it began, closes its clients",
  heals: "starts the service again",
  bite: "1 when the service was asked to stop",
  parse: (params) => parseParams("graceful-stop", schema, params),
  target: ({ process }) => process,
  processes: ({ process }) => [process],
  ready: (port, { process }) => port.isServing(process),
  inject: (port, { process }) => {
    const bites = port.stop(process) ? 1 : 0;
    return { bites: () => bites, [Symbol.dispose]: () => port.restart(process) };
  },
  real: async (port, { process: name }) => {
    const process = port.process(name);
    const bites = process.isUp() ? 1 : 0;
    await process.stopGracefully();
    return { bites: async () => bites, heal: () => process.start() };
  },
  needs: ["processes"],
};
