import type { Command } from "commander";
import { checkerNames } from "../../checkers/index.ts";
import type { Scenario } from "../../harness/run/scenario.ts";
import { paintFor } from "../../reports/terminal/paint.ts";
import { wrapText } from "../../reports/terminal/text-width.ts";
import type { CommandIo } from "../command-io.ts";
import { loadConfig } from "../config/load-config.ts";
import { scenariosOf } from "../config/scenarios-of.ts";
import { exitCodes } from "../exit-code.ts";
import { printJson } from "../print-json.ts";

const EXAMPLES = `
Examples:
  faultline list
  faultline list --config my/faultline.config.ts
  faultline list --json
`;

interface ListFlags {
  readonly config?: string;
  readonly json?: true;
}

/** `faultline list`: the scenarios with their claims and forms, and the checkers. */
export function listCommand(program: Command, io: CommandIo, finish: (exitCode: number) => void): void {
  program
    .command("list")
    .summary("show the scenarios, their forms and the checkers")
    .description("Show the scenarios with their claims and forms, and the checkers.")
    .option("--config <file>", "configuration (default: faultline.config.ts, if there is one)")
    .option("--json", "print the result as one JSON document")
    .addHelpText("after", EXAMPLES)
    .action(async (flags: ListFlags) => {
      const scenarios = scenariosOf(await loadConfig(flags.config, io.cwd));
      if (flags.json === true) printJson(io, documentOf(scenarios));
      else io.out.write(renderList(scenarios, io.out));
      finish(exitCodes.valid);
    });
}

function documentOf(scenarios: readonly Scenario[]): unknown {
  return {
    format: "faultline-list",
    version: 1,
    scenarios: scenarios.map(({ name, claim, notTested, patterns, forms, faults, checkers }) => ({
      name,
      claim,
      patterns,
      notTested,
      faults: [...new Set(faults.map(({ fault }) => fault.name))],
      checkers: checkers.map((checker) => checker.name),
      forms: forms.map((form) => ({
        name: form.name,
        summary: form.summary,
        needs: form.needs,
        expects: form.expects,
        ...(form.flaws === undefined
          ? {}
          : { flaws: form.flaws.map(({ flaw, checker, types }) => ({ flaw, checker, types })) }),
      })),
    })),
    checkers: checkerNames,
  };
}

function renderList(
  scenarios: readonly Scenario[],
  style: { readonly columns: number; readonly colour: boolean },
): string {
  const paint = paintFor(style.colour);
  const width = Math.max(40, style.columns);
  const lines: string[] = [];
  for (const { name, claim, forms, faults } of scenarios) {
    lines.push(paint.bold(name), ...indented(claim, 2, width));
    const nameWidth = Math.max(...forms.map((form) => form.name.length)) + 2;
    for (const form of forms) {
      const [first = "", ...rest] = wrapText(form.summary, width - nameWidth - 4);
      lines.push(`    ${paint.accent(form.name.padEnd(nameWidth))}${first}`);
      lines.push(...rest.map((line) => " ".repeat(4 + nameWidth) + line));
    }
    const kinds = [...new Set(faults.map(({ fault }) => fault.name))];
    lines.push(...indented(`faults: ${kinds.join(", ")}`, 4, width).map(paint.dim), "");
  }
  lines.push(...indented(`Checkers for \`faultline check\`: ${checkerNames.join(", ")}.`, 0, width));
  return `${lines.join("\n")}\n`;
}

function indented(text: string, by: number, width: number): string[] {
  return wrapText(text, width - by).map((line) => " ".repeat(by) + line);
}
