import { FaultlineError } from "../harness/faultline-error.ts";
import { findForm } from "../harness/run/catalog.ts";
import type { Scenario } from "../harness/run/scenario.ts";

/**
 * The scenarios that have a form. Those that the user named must all have it; of all scenarios those
 * without it are left out. Throws `unknown-form`.
 */
export function requireForm(
  scenarios: readonly Scenario[],
  form: string,
  named: boolean,
): readonly Scenario[] {
  const having = scenarios.filter((scenario) => scenario.forms.some(({ name }) => name === form));
  if (named) for (const scenario of scenarios) findForm(scenario, form);
  if (having.length > 0) return having;
  const names = new Set(scenarios.flatMap((scenario) => scenario.forms.map(({ name }) => name)));
  throw new FaultlineError(
    "usage",
    "unknown-form",
    `No scenario has a form "${form}". There are: ${[...names].join(", ")}.`,
    "`faultline list` shows the forms of each scenario.",
  );
}
