import { flushCompileCache } from "node:module";
import { hostService } from "../harness/real/services/host-service.ts";
import { readServiceEnvironment } from "../harness/real/services/service-environment.ts";
import { findForm, findScenario } from "../harness/run/catalog.ts";
import { loadConfig } from "./config/load-config.ts";
import { scenariosOf } from "./config/scenarios-of.ts";

// The entry of a service's process in the real lane: hosts one service of one form of one scenario, on the
// addresses in its environment.
const [scenarioName = "", formName = "", serviceName = "", configPath = ""] = process.argv.slice(2);
const loaded = configPath === "" ? { config: {}, path: null } : await loadConfig(configPath, "");
const scenario = findScenario(scenariosOf(loaded), scenarioName);
const definition = findForm(scenario, formName)
  .system()
  .services.find(({ name }) => name === serviceName);
if (definition === undefined) throw new Error(`${scenarioName} ${formName} has no service "${serviceName}"`);
const service = await hostService(definition, readServiceEnvironment(definition, process.env));
process.once("SIGTERM", () => {
  void service.stop().then(() => process.exit(0));
});
// Most services end by SIGKILL, which leaves Node no time to keep what it compiled for the next start.
flushCompileCache();
