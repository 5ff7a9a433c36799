import { writeFile } from "node:fs/promises";
import * as v from "valibot";
import { FaultlineError } from "../faultline-error.ts";
import type { Fault } from "./fault.ts";
import { nodeName, parseParams } from "./parse-params.ts";

/** Whose clock jumps, and by how many milliseconds; negative: back. */
export type ClockOffsetParams = { readonly process: string; readonly offsetMs: number };

const DAY_MS = 86_400_000;

const schema: v.GenericSchema<ClockOffsetParams> = v.strictObject({
  process: nodeName,
  offsetMs: v.pipe(v.number(), v.integer(), v.minValue(-DAY_MS), v.maxValue(DAY_MS)),
});

/** Makes the time of day of one service jump. Its timers and time limits stay right. */
export const clockOffset: Fault<ClockOffsetParams> = {
  name: "clock-offset",
  does: "makes the time of day of one service jump forward or back; its timers stay right",
  heals: "the time of day jumps back to the true one",
  bite: "times that the service read the wrong time (real lane: 1, the jump itself)",
  parse: (params) => parseParams("clock-offset", schema, params),
  target: ({ process, offsetMs }) => `${process}, ${offsetMs < 0 ? "" : "+"}${offsetMs} ms`,
  inject: (port, { process, offsetMs }) => {
    const before = port.clockReads(process);
    port.setClockOffset(process, offsetMs);
    return {
      bites: () => port.clockReads(process) - before,
      [Symbol.dispose]: () => port.setClockOffset(process, 0),
    };
  },
  real: async (port, { process, offsetMs }) => {
    const path = port.clockFile(process);
    if (path === null) throw noClockFile(process);
    const offset = `${offsetMs < 0 ? "-" : "+"}${Math.abs(offsetMs) / 1000}`;
    await writeFile(path, `${offset}\n`);
    return {
      bites: async () => (offsetMs === 0 ? 0 : 1),
      // Without its file libfaketime keeps the last offset: the true time is an offset of nothing.
      heal: () => writeFile(path, "+0\n"),
    };
  },
  needs: ["libfaketime"],
};

function noClockFile(process: string): FaultlineError {
  return new FaultlineError(
    "usage",
    "impossible-fault",
    `The clock of "${process}" cannot be moved: it was not started under libfaketime.`,
    "Install libfaketime, or take the fault out of the plan.",
  );
}
