import type { Story } from "../record/story.ts";
import type { ExecutedPlan } from "./execute-plan.ts";
import { notTestedBy } from "./not-tested-by.ts";
import type { Plan } from "./plan.ts";
import type { Form, Scenario } from "./scenario.ts";

/** A run and what there is to know about its scenario and form. */
export interface StorySource {
  readonly scenario: Scenario;
  readonly form: Form;
  /** Null where no token replays the plan. */
  readonly token: string | null;
  readonly plan: Plan;
  readonly executed: ExecutedPlan;
}

/** Joins an executed plan with what a report says about its scenario. */
export function tellStory({ scenario, form, token, plan, executed }: StorySource): Story {
  return {
    claim: scenario.claim,
    formSummary: form.summary,
    formNeeds: form.needs,
    notTested: notTestedBy(scenario),
    ...(scenario.withoutFaults === undefined ? {} : { withoutFaults: scenario.withoutFaults }),
    token,
    plan,
    record: executed.record,
    events: executed.events,
  };
}
