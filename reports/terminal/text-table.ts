import { padText, textWidth, wrapText } from "./text-width.ts";

/** A column of a table. Numbers stand on the right. */
export interface Column {
  readonly side: "left" | "right";
  /** The least width that this column may be pressed to; absent: it keeps its width. */
  readonly flexibleTo?: number;
  /** Columns with a lower number are pressed first; of equals the widest. */
  readonly order?: number;
}

/** A row of cells, and how its text is painted once it has been laid out. */
export interface Row {
  /** None at all: only what stands above. */
  readonly cells: readonly string[];
  /** Lines that stand above this row and take no part in the columns. */
  readonly above?: readonly string[];
  readonly paint?: (line: string) => string;
}

const GAP = 2;

/** Lays rows out in `columns` terminal columns. Cells wrap; nothing is cut off. Returns lines. */
export function textTable(shape: readonly Column[], rows: readonly Row[], columns: number): string[] {
  const widths = fitWidths(shape, rows, columns);
  const lines: string[] = [];
  for (const row of rows) {
    lines.push(...(row.above ?? []));
    if (row.cells.length === 0) continue;
    const cells = shape.map((_, at) => wrapText(row.cells[at] ?? "", widths[at] ?? 0));
    const height = Math.max(...cells.map((cell) => cell.length));
    for (let line = 0; line < height; line++) {
      const text = cells
        .map((cell, at) => padText(cell[line] ?? "", widths[at] ?? 0, fillSide(shape[at])))
        .join(" ".repeat(GAP))
        .trimEnd();
      lines.push(row.paint === undefined ? text : row.paint(text));
    }
  }
  return lines;
}

/** Is there room for these rows without pressing a column below its least width? */
export function tableFits(shape: readonly Column[], rows: readonly Row[], columns: number): boolean {
  const natural = naturalWidths(shape, rows);
  const least = shape.map((column, at) =>
    Math.min(natural[at] ?? 0, column.flexibleTo ?? Number.POSITIVE_INFINITY),
  );
  return total(least) <= columns;
}

function fillSide(column: Column | undefined): "left" | "right" {
  return column?.side === "right" ? "left" : "right";
}

function naturalWidths(shape: readonly Column[], rows: readonly Row[]): number[] {
  return shape.map((_, at) => Math.max(0, ...rows.map((row) => textWidth(row.cells[at] ?? ""))));
}

function fitWidths(shape: readonly Column[], rows: readonly Row[], columns: number): number[] {
  const widths = naturalWidths(shape, rows);
  const orderOf = (at: number): number => shape[at]?.order ?? 0;
  let excess = total(widths) - columns;
  while (excess > 0) {
    const widest = shape
      .map((column, at) => ({
        at,
        spare: column.flexibleTo === undefined ? 0 : (widths[at] ?? 0) - column.flexibleTo,
      }))
      .filter(({ spare }) => spare > 0)
      .sort((a, b) => orderOf(a.at) - orderOf(b.at) || (widths[b.at] ?? 0) - (widths[a.at] ?? 0))[0];
    if (widest === undefined) break;
    widths[widest.at] = (widths[widest.at] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + GAP * Math.max(0, widths.length - 1);
}
