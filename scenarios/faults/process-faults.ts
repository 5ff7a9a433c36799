import * as fc from "fast-check";
import { clockOffset } from "../../harness/faults/clock-offset.fault.ts";
import { type FaultChoice, faultChoice } from "../../harness/faults/fault.ts";
import { gracefulStop } from "../../harness/faults/graceful-stop.fault.ts";
import { processCrash } from "../../harness/faults/process-crash.fault.ts";
import { processPause } from "../../harness/faults/process-pause.fault.ts";
import { rollingRestart } from "../../harness/faults/rolling-restart.fault.ts";
import { type FaultPlaces, servicesOf } from "./fault-places.ts";

const offsetsMs = [-3_600_000, -1000, 1000, 3_600_000] as const;

/** What befalls processes: crashes most of all; stops in order are for services, which are asked to stop. */
export function processFaults(places: FaultPlaces): readonly FaultChoice[] {
  const { processes, clocks = [], unpaused = [] } = places;
  const crashes = forSome(processes, (process) =>
    faultChoice(processCrash, fc.record({ process: fc.constantFrom(...process) })),
  );
  const services = servicesOf(places);
  return [
    ...crashes,
    ...crashes,
    ...forSome(
      processes.filter((process) => !unpaused.includes(process)),
      (process) => faultChoice(processPause, fc.record({ process: fc.constantFrom(...process) }), "rare"),
    ),
    ...forSome(services, (process) =>
      faultChoice(gracefulStop, fc.record({ process: fc.constantFrom(...process) }), "rare"),
    ),
    ...forSome(services, (process) =>
      faultChoice(
        rollingRestart,
        fc.record({ processes: fc.shuffledSubarray([...process], { minLength: 1 }) }),
        "rare",
      ),
    ),
    ...forSome(clocks, (process) => {
      const params = { process: fc.constantFrom(...process), offsetMs: fc.constantFrom(...offsetsMs) };
      return faultChoice(clockOffset, fc.record(params), "rare");
    }),
  ];
}

/** One choice where there is a process that it can hit, else none. */
function forSome(
  processes: readonly string[],
  choice: (processes: readonly [string, ...string[]]) => FaultChoice,
): readonly FaultChoice[] {
  const [first, ...others] = processes;
  return first === undefined ? [] : [choice([first, ...others])];
}
