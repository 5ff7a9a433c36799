import type { Command } from "commander";
import { paintFor, toneSign } from "../../reports/terminal/paint.ts";
import type { CommandIo } from "../command-io.ts";
import { examineMachine, type Finding } from "../examine-machine.ts";
import { exitCodes } from "../exit-code.ts";
import { printJson } from "../print-json.ts";

const EXAMPLES = `
The exit code is 0 when the sim lane can run, 255 when it cannot.

Examples:
  faultline doctor
  faultline doctor --json
`;

/** `faultline doctor`: what this machine has, and whether the sim lane can run. */
export function doctorCommand(program: Command, io: CommandIo, finish: (exitCode: number) => void): void {
  program
    .command("doctor")
    .summary("show what this machine has and what can run")
    .description("Show what this machine has, and whether the sim lane can run.")
    .option("--json", "print the result as one JSON document")
    .addHelpText("after", EXAMPLES)
    .action(async (flags: { readonly json?: true }) => {
      const findings = await examineMachine(io.cwd);
      const simLane = findings.every(({ status }) => status !== "failed");
      if (flags.json === true)
        printJson(io, { format: "faultline-doctor", version: 1, simLane, checks: findings });
      else io.out.write(renderFindings(findings, simLane, io));
      finish(simLane ? exitCodes.valid : exitCodes.harnessError);
    });
}

function renderFindings(findings: readonly Finding[], simLane: boolean, io: CommandIo): string {
  const paint = paintFor(io.out.colour);
  const width = Math.max(...findings.map(({ name }) => name.length)) + 2;
  const tones = { ok: "good", failed: "bad", absent: "open" } as const;
  const lines = findings.map(({ name, status, detail }) => {
    const sign = status === "absent" ? "–" : toneSign(tones[status]);
    return `${paint.tone(tones[status], sign)} ${name.padEnd(width)}${detail}`;
  });
  lines.push("", simLane ? "The sim lane can run." : "The sim lane cannot run: see above.");
  return `${lines.join("\n")}\n`;
}
