import type { SuiteRecord } from "../harness/record/suite-record.ts";

/** `verdict.json`: the suite record in its own order, indented by two, with a line feed at the end. */
export function renderJson(suite: SuiteRecord): string {
  return `${JSON.stringify(suite, null, 2)}\n`;
}
