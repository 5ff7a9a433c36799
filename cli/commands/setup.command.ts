import { type Command, InvalidArgumentError } from "commander";
import {
  type ComponentKind,
  type ComponentSearch,
  componentKinds,
} from "../../harness/real/components/component.ts";
import { componentEnvironment } from "../../harness/real/components/component-environment.ts";
import { downloadWith } from "../../harness/real/components/download.ts";
import {
  clockOffsets,
  findLibfaketime,
  type LibfaketimeSearch,
} from "../../harness/real/components/libfaketime.ts";
import { systemClock } from "../../harness/time/system-clock.ts";
import { paintFor, toneSign } from "../../reports/terminal/paint.ts";
import type { CommandIo } from "../command-io.ts";
import { describeComponent } from "../describe-component.ts";
import { exitCodes } from "../exit-code.ts";
import { nameList } from "../parse-options.ts";
import { printJson } from "../print-json.ts";

const EXAMPLES = `
What is there already is left alone: to run it again costs a second. What it gets is kept in the user's cache
folder ($FAULTLINE_CACHE, else faultline in $XDG_CACHE_HOME or ~/.cache); nothing else of the machine is changed.
The exit code is 0 when everything is there, 255 when something is missing; then the command that gets it is told.

Examples:
  faultline setup
  faultline setup --offline --json
  faultline setup --component toxiproxy,kafka
`;

interface SetupFlags {
  readonly offline?: true;
  readonly component?: readonly ComponentKind[];
  readonly json?: true;
}

/** `faultline setup`: gets what the real lane needs on this machine. */
export function setupCommand(program: Command, io: CommandIo, finish: (exitCode: number) => void): void {
  program
    .command("setup")
    .summary("get the servers that the real lane needs")
    .description("Get the servers that the real lane needs on this machine (its local substrate).")
    .option("--offline", "fetch nothing; use only what caches on this machine hold")
    .option("--component <names>", `of ${componentKinds.join(", ")}, with commas between them`, kindList)
    .option("--json", "print the result as one JSON document")
    .addHelpText("after", EXAMPLES)
    .action(async (flags: SetupFlags) => {
      finish(await setup(flags, io));
    });
}

async function setup(flags: SetupFlags, io: CommandIo): Promise<number> {
  // Loaded here only: it brings the clients of the stores along, which every other command would wait for.
  const { setupComponents } = await import("../../harness/real/components/setup-components.ts");
  const clock = systemClock();
  const environment = componentEnvironment(io.env);
  const searches = await setupComponents(flags.component ?? componentKinds, {
    environment,
    offline: flags.offline === true,
    download: downloadWith(clock),
    clock,
    say: (line) => io.err.write(`${line}\n`),
  });
  const complete = searches.every(({ found }) => found);
  if (flags.json === true) {
    printJson(io, {
      format: "faultline-setup",
      version: 1,
      complete,
      cache: environment.cacheFolder,
      components: searches.map(describeComponent),
    });
  } else {
    io.out.write(render(searches, environment.cacheFolder, io));
    if (flags.component === undefined) io.out.write(noteOfClocks(findLibfaketime(environment)));
  }
  return complete ? exitCodes.valid : exitCodes.harnessError;
}

/** What is no server, and of no use but to one fault: it is told, and fails nothing. */
function noteOfClocks(search: LibfaketimeSearch): string {
  const offsets = clockOffsets(search);
  return offsets === true ? "" : `The fault clock-offset is not possible here: ${offsets}\n`;
}

function kindList(text: string): readonly ComponentKind[] {
  const names = nameList(text);
  const kinds = componentKinds.filter((kind) => names.includes(kind));
  if (kinds.length === names.length) return kinds;
  throw new InvalidArgumentError(`Names of components are expected: ${componentKinds.join(", ")}.`);
}

function render(searches: readonly ComponentSearch[], cacheFolder: string, io: CommandIo): string {
  const paint = paintFor(io.out.colour);
  const lines = searches.map((search) => {
    const name = search.kind.padEnd(11);
    if (!search.found) {
      return `${paint.tone("bad", toneSign("bad"))} ${name}${search.why}\n  ${" ".repeat(11)}Run: ${search.command}`;
    }
    const { label, version, source, path } = search;
    return `${paint.tone("good", toneSign("good"))} ${name}${label} ${version} (${source}: ${path})`;
  });
  const complete = searches.every(({ found }) => found);
  lines.push("", complete ? `All there. The cache is ${cacheFolder}.` : "Something is missing: see above.");
  return `${lines.join("\n")}\n`;
}
