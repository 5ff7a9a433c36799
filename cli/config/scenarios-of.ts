import { FaultlineError } from "../../harness/faultline-error.ts";
import type { Scenario } from "../../harness/run/scenario.ts";
import { scenarios as builtIn } from "../../scenarios/index.ts";
import type { LoadedConfig } from "./load-config.ts";

/** The built-in scenarios and those of the configuration. Throws `bad-config` when two have one name. */
export function scenariosOf({ config, path }: LoadedConfig): readonly Scenario[] {
  const all = [...(config.builtIn === false ? [] : builtIn), ...(config.scenarios ?? [])];
  const names = new Set<string>();
  for (const { name } of all) {
    if (names.has(name)) {
      throw new FaultlineError("usage", "bad-config", `${path}: there are two scenarios named "${name}".`);
    }
    names.add(name);
  }
  if (all.length === 0) {
    const hint = "Name at least one in `scenarios`, or leave `builtIn: false` out.";
    throw new FaultlineError("usage", "bad-config", `${path}: there is no scenario.`, hint);
  }
  return all;
}
