import type { Command } from "commander";
import { componentEnvironment } from "../../harness/real/components/component-environment.ts";
import { findLibfaketime } from "../../harness/real/components/libfaketime.ts";
import type { CommandIo } from "../command-io.ts";
import { loadConfig } from "../config/load-config.ts";
import { examineMachine } from "../examine-machine.ts";
import { examineSubstrates } from "../examine-substrates.ts";
import { exitCodes } from "../exit-code.ts";
import { capabilitiesHere, possibleFaults } from "../possible-faults.ts";
import { printJson } from "../print-json.ts";
import { type DoctorReport, renderDoctor } from "../render-doctor.ts";

const EXAMPLES = `
Each component of the real lane that is there is started and stopped again, which takes some seconds.
The exit code is 0 when the sim lane can run, 255 when it cannot. The real lane is not needed for that.

Examples:
  faultline doctor
  faultline doctor --json
`;

/** `faultline doctor`: what this machine has, which lanes can run, and which faults are possible. */
export function doctorCommand(program: Command, io: CommandIo, finish: (exitCode: number) => void): void {
  program
    .command("doctor")
    .summary("show what this machine has and what can run")
    .description("Show what this machine has, which lanes can run on it, and which faults are possible.")
    .option("--json", "print the result as one JSON document")
    .addHelpText("after", EXAMPLES)
    .action(async (flags: { readonly json?: true }) => {
      const report = await examine(io);
      if (flags.json === true) printJson(io, { format: "faultline-doctor", version: 3, ...report });
      else io.out.write(renderDoctor(report, io.out));
      finish(report.simLane ? exitCodes.valid : exitCodes.harnessError);
    });
}

async function examine({ cwd, env }: CommandIo): Promise<DoctorReport> {
  // Loaded here only: it brings the clients of the stores along, which every other command would wait for.
  const { examineComponents } = await import("../examine-components.ts");
  const environment = componentEnvironment(env);
  const libfaketime = findLibfaketime(environment);
  const checks = [
    ...(await examineMachine(cwd)),
    {
      name: "libfaketime",
      status: libfaketime.path === null ? ("absent" as const) : ("ok" as const),
      detail: libfaketime.path ?? `${libfaketime.why} Run: ${libfaketime.command}`,
    },
  ];
  const components = await examineComponents(environment);
  const { config } = await loadConfig(undefined, cwd);
  const substrates = await examineSubstrates(components, config.external, config.docker?.images ?? {});
  return {
    simLane: checks.every(({ status }) => status !== "failed"),
    realLane: substrates.some(({ possible }) => possible),
    checks,
    components,
    substrates,
    faults: possibleFaults(capabilitiesHere(components, libfaketime, config.external)),
  };
}
