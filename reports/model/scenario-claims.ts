import type { Story } from "../../harness/record/story.ts";
import type { ScenarioSummary, SuiteRecord } from "../../harness/record/suite-record.ts";

/** What each scenario of a suite claims, from the suite itself or else from the stories. */
export function scenarioClaims(suite: SuiteRecord, stories: readonly Story[]): ScenarioSummary[] {
  const claims = new Map<string, ScenarioSummary>();
  for (const { record, claim, notTested } of stories) {
    claims.set(record.scenario, { scenario: record.scenario, claim, notTested });
  }
  for (const scenario of suite.scenarios ?? []) claims.set(scenario.scenario, scenario);
  const names = new Set(suite.summary.map((form) => form.scenario));
  return [...names].flatMap((name) => claims.get(name) ?? []);
}

/** The story of a form, if there is one. */
export function storyOf(
  form: { readonly scenario: string; readonly form: string },
  stories: readonly Story[],
): Story | null {
  return stories.find(({ record }) => record.scenario === form.scenario && record.form === form.form) ?? null;
}
