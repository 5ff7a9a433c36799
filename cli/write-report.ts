import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Story } from "../harness/record/story.ts";
import type { SuiteRecord } from "../harness/record/suite-record.ts";
import { renderHtml } from "../reports/html.reporter.ts";

/** Name of the report in a run folder. */
export const REPORT_FILE = "report.html";

/** Writes the HTML report into the run folder and answers its path, as relative as the folder's. */
export function writeReport(
  folder: string,
  cwd: string,
  content: { readonly suite: SuiteRecord; readonly stories: readonly Story[] },
): string {
  const path = join(folder, REPORT_FILE);
  writeFileSync(resolve(cwd, path), renderHtml(content));
  return path;
}
