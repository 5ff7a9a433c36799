import type { MeasureSummary } from "../../harness/record/suite-record.ts";
import { spreadText } from "../wording/measure-words.ts";
import { html, type Markup } from "./markup.ts";

const STEP_WIDTH = 8;
const HEIGHT = 22;
/** What is there must be seen, however rare. */
const BAR_HEIGHT_MIN = 2;

/**
 * How the values of a measure are spread over the runs: a bar for each step, as high as there are values. The bar with the worst
 * value is told apart by a line below it. In words for those who do not see it.
 */
export function spreadBars(summary: MeasureSummary): Markup {
  const { spread, worse } = summary;
  const most = Math.max(1, ...spread.map(({ values }) => values));
  const isUsed = ({ values }: MeasureSummary["spread"][number]): boolean => values > 0;
  const worstAt = worse === "high" ? spread.findLastIndex(isUsed) : spread.findIndex(isUsed);
  const width = spread.length * STEP_WIDTH;
  const bars = spread.map(({ values }, at) => {
    if (values === 0) return null;
    const height = Math.max(BAR_HEIGHT_MIN, Math.round((values / most) * HEIGHT));
    return html`<rect x="${at * STEP_WIDTH}" y="${HEIGHT - height}" width="${STEP_WIDTH - 1}" height="${height}"/>`;
  });
  return html`<svg class="spread" role="img" width="${width}" height="${HEIGHT + 3}" viewBox="0 0 ${width} ${HEIGHT + 3}"><title>${spreadText(summary)}</title>${bars}<rect class="worst" x="${worstAt * STEP_WIDTH}" y="${HEIGHT + 1}" width="${STEP_WIDTH - 1}" height="2"/></svg>`;
}
