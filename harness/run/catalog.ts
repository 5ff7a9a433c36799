import { FaultlineError } from "../faultline-error.ts";
import type { Form, Scenario } from "./scenario.ts";

/** Finds a scenario by its name. Throws `unknown-scenario` with the names there are. */
export function findScenario(scenarios: readonly Scenario[], name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  throw new FaultlineError(
    "usage",
    "unknown-scenario",
    `There is no scenario "${name}". There are: ${scenarios.map((scenario) => scenario.name).join(", ")}.`,
    "`faultline list` shows what each one claims; one of your own needs its configuration: `--config <file>`.",
  );
}

/** Finds a form of a scenario. Throws `unknown-form` with the forms there are. */
export function findForm(scenario: Scenario, name: string): Form {
  const found = scenario.forms.find((form) => form.name === name);
  if (found !== undefined) return found;
  throw new FaultlineError(
    "usage",
    "unknown-form",
    `The scenario "${scenario.name}" has no form "${name}". It has: ${scenario.forms.map((form) => form.name).join(", ")}.`,
    "`faultline list` shows the forms of each scenario.",
  );
}
