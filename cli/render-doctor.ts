import { type Paint, paintFor } from "../reports/terminal/paint.ts";
import type { Output } from "./command-io.ts";
import type { ExaminedComponent } from "./examine-components.ts";
import type { Finding } from "./examine-machine.ts";
import type { ExaminedSubstrate } from "./examine-substrates.ts";
import type { PossibleFault } from "./possible-faults.ts";
import { renderFaultTable } from "./render-fault-table.ts";

/** What `faultline doctor` found out. */
export interface DoctorReport {
  readonly simLane: boolean;
  readonly realLane: boolean;
  readonly checks: readonly Finding[];
  readonly components: readonly ExaminedComponent[];
  readonly substrates: readonly ExaminedSubstrate[];
  readonly faults: readonly PossibleFault[];
}

/** The report for a terminal. */
export function renderDoctor(report: DoctorReport, { colour }: Pick<Output, "colour">): string {
  const paint = paintFor(colour);
  const { simLane, realLane, checks, components, substrates, faults } = report;
  return [
    ...table(checks.map(({ name, status, detail }) => [signOf(paint, status), name, detail])),
    "",
    paint.bold("Components of the real lane"),
    ...table(components.map((component) => componentRow(paint, component))),
    "",
    paint.bold("Substrates of the real lane"),
    ...table(
      substrates.map(({ name, possible, why }) => [signOf(paint, possible ? "ok" : "absent"), name, why]),
    ),
    "",
    paint.bold("Faults"),
    ...renderFaultTable(paint, faults, substrates),
    "",
    simLane ? "The sim lane can run." : "The sim lane cannot run: see above.",
    realLane
      ? "The real lane can run."
      : "The real lane cannot run here: see above. The sim lane does not need it.",
    "",
  ].join("\n");
}

function componentRow(paint: Paint, component: ExaminedComponent): readonly [string, string, string] {
  const { kind, label, version, source, path, startMs, why, command } = component;
  const name = version === null ? "" : `${label} ${version} (${source}: ${path})`;
  if (startMs !== null) return [signOf(paint, "ok"), kind, `${name}, ready in ${startMs} ms`];
  const reason = `${name === "" ? "" : `${name}. `}${why}`.replaceAll("\n", "\n    ");
  return [signOf(paint, "absent"), kind, `${reason}\n    Run: ${command}`];
}

function table(rows: readonly (readonly [sign: string, name: string, detail: string])[]): readonly string[] {
  const width = Math.max(...rows.map(([, name]) => name.length)) + 2;
  return rows.map(([sign, name, detail]) => `${sign} ${name.padEnd(width)}${detail}`);
}

/** `absent` is no fault: what it is for is left out, and the rest works. */
function signOf(paint: Paint, status: Finding["status"]): string {
  const tones = { ok: "good", failed: "bad", absent: "open" } as const;
  return paint.tone(tones[status], { ok: "✓", failed: "✗", absent: "–" }[status]);
}
