/** What of a suite's result (`faultline run --json`) stands in the tables of `docs/scenarios.md`. */
export interface MeasuredForm {
  readonly scenario: string;
  /** `textbook` or `defect:<name>`; tables name a defect without the prefix. */
  readonly form: string;
  /** Runs that were made, and those in which an anomaly showed. */
  readonly seeds: number;
  readonly invalid: number;
  readonly seedsToFirstAnomaly: number | null;
  readonly smallest: { readonly operations: number; readonly faults: number } | null;
  readonly flaws?: readonly {
    readonly flaw: string;
    readonly runs: number;
    readonly firstRun: number | null;
  }[];
}

/** The text with its figures as measured, and what of text or result has no counterpart in the other. */
export interface RefreshedFigures {
  readonly text: string;
  readonly unmatched: readonly string[];
}

const cellBorder = /(?<!\\)\|/;

/**
 * Writes the figures of a suite into the tables of a text in Markdown: a section `## \`<scenario>\`` has a table
 * whose last columns are `runs of N`, `first` and `smallest`, and perhaps one of flaws that ends with `runs of N`
 * and `first`. All else stays as it is; so do sections whose scenario the suite does not have.
 */
export function refreshFigures(text: string, forms: readonly MeasuredForm[]): RefreshedFigures {
  const unmatched: string[] = [];
  const written = new Set<string>();
  const measured = new Set(forms.map(({ scenario }) => scenario));
  let scenario = "";
  let header: readonly string[] = [];
  const lines = text.split("\n").map((line) => {
    scenario = line.startsWith("## ") ? (/^## `(.+)`$/.exec(line)?.[1] ?? "") : scenario;
    if (!line.startsWith("| ")) {
      if (!line.startsWith("|-")) header = [];
      return line;
    }
    const cells = cellsOf(line);
    if (header.length === 0) {
      header = cells;
      return line;
    }
    const kind = header[0] ?? "";
    if (!measured.has(scenario) || !(header.at(-1) === "smallest" || kind === "flaw of the textbook form"))
      return line;
    const figures = kind === "form" ? ofForm(forms, scenario, cells) : ofFlaw(forms, scenario, cells);
    if (figures === null) {
      unmatched.push(`${scenario}: no figures for the row "${cells[0]}"`);
      return line;
    }
    written.add(`${scenario} ${cells[0]}`);
    return `| ${[...cells.slice(0, cells.length - figures.length), ...figures].join(" | ")} |`;
  });
  for (const { scenario: name, form, flaws } of forms) {
    if (form === "hardened") continue;
    for (const row of [form.replace("defect:", ""), ...(flaws ?? []).map(({ flaw }) => flaw)])
      if (!written.has(`${name} ${row}`)) unmatched.push(`${name}: no row "${row}"`);
  }
  return { text: lines.join("\n"), unmatched };
}

function cellsOf(line: string): readonly string[] {
  return line
    .split(cellBorder)
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function ofForm(forms: readonly MeasuredForm[], scenario: string, cells: readonly string[]) {
  const form = forms.find((one) => one.scenario === scenario && one.form.replace("defect:", "") === cells[0]);
  if (form === undefined) return null;
  const { invalid, seedsToFirstAnomaly, smallest } = form;
  return [String(invalid), String(seedsToFirstAnomaly ?? "–"), sizeInWords(smallest)];
}

function ofFlaw(forms: readonly MeasuredForm[], scenario: string, cells: readonly string[]) {
  const textbook = forms.find((one) => one.scenario === scenario && one.form === "textbook");
  const flaw = textbook?.flaws?.find((one) => one.flaw === cells[0]);
  return flaw === undefined ? null : [String(flaw.runs), String(flaw.firstRun ?? "–")];
}

function sizeInWords(size: MeasuredForm["smallest"]): string {
  if (size === null) return "–";
  const counted = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;
  const operations = counted(size.operations, "operation");
  return size.faults === 0 ? operations : `${operations}, ${counted(size.faults, "fault")}`;
}
