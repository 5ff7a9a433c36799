import { parseArgs } from "node:util";
import { FaultlineError } from "../harness/faultline-error.ts";
import { openStoreClients } from "../harness/real/clients/open-store-clients.ts";
import { migrateStores } from "../harness/real/run/migrate-stores.ts";
import { hostService } from "../harness/real/services/host-service.ts";
import {
  readServiceEnvironment,
  type ServiceEnvironment,
} from "../harness/real/services/service-environment.ts";
import type { ServiceDefinition, SystemDefinition } from "../harness/run/system.ts";
import { referenceSystems } from "./systems/reference-systems.ts";

const USAGE = `Starts one service of the reference implementation, in its hardened form.

  npx node reference-impl/main.ts <service> [--system <name>] [--migrate]

  --system <name>  where more than one system has a service of that name; the shop's unless given
  --migrate        first create the tables and indexes of its stores, which must be empty

It listens on 127.0.0.1:$PORT and finds its stores and the services that it calls in the environment, for
example:

  PORT=8080 USER_DB_URL=postgres://postgres@127.0.0.1:5432/users \\
    npx node reference-impl/main.ts user --system user --migrate
`;

/** A service and the system that it belongs to. */
interface Chosen {
  readonly system: SystemDefinition;
  readonly service: ServiceDefinition;
}

try {
  await main();
} catch (error) {
  tell(error);
}

/** One line, without a stack, as of the command line: 254 where what was asked for is wrong, else 255. */
function tell(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const isUsage = error instanceof FaultlineError || isParseError(error);
  const hint = error instanceof FaultlineError ? error.hint : isUsage ? "--help shows what there is." : "";
  process.stderr.write(`${message} ${hint}`.trimEnd().concat("\n"));
  if (!isUsage && process.env.FAULTLINE_DEBUG === "1" && error instanceof Error) {
    process.stderr.write(`${error.stack}\n`);
  }
  // Clients of stores that were opened before it failed must not keep the process.
  process.exit(isUsage ? 254 : 255);
}

/** Did `parseArgs` refuse the arguments? */
function isParseError(error: unknown): boolean {
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { system: { type: "string" }, migrate: { type: "boolean" }, help: { type: "boolean" } },
  });
  const [name] = positionals;
  if (values.help === true || name === undefined) {
    process.stdout.write(`${USAGE}\nSystems and their services:\n${listing()}`);
    return;
  }
  const { system, service } = choose(name, values.system);
  const environment = readServiceEnvironment(service, process.env);
  if (values.migrate === true) await migrate(system, service, environment);
  const hosted = await hostService(service, environment);
  process.stdout.write(`${name} listens on http://127.0.0.1:${hosted.port}\n`);
  const stop = (): void => {
    void hosted.stop().then(() => process.exit(0));
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

function listing(): string {
  const lines = [...referenceSystems].map(([name, system]) => {
    const services = system().services.map((service) => service.name);
    return `  ${name}: ${services.join(", ")}\n`;
  });
  return lines.join("");
}

function choose(name: string, systemName: string | undefined): Chosen {
  const systems = [...referenceSystems].filter(([known]) => systemName === undefined || known === systemName);
  for (const [, build] of systems) {
    const system = build();
    const service = system.services.find((known) => known.name === name);
    if (service !== undefined) return { system, service };
  }
  throw new FaultlineError(
    "usage",
    "no-such-service",
    `There is no service "${name}"${systemName === undefined ? "" : ` in a system "${systemName}"`}.`,
    `There are:\n${listing()}`,
  );
}

async function migrate(
  system: SystemDefinition,
  service: ServiceDefinition,
  environment: ServiceEnvironment,
): Promise<void> {
  await using open = await openStoreClients(environment.stores, service.name);
  const own = system.stores.filter(({ name }) => environment.stores.has(name));
  try {
    await migrateStores(own, open.clients);
  } catch (error) {
    throw new FaultlineError(
      "usage",
      "cannot-migrate",
      `The stores of "${service.name}" cannot be made ready: ${error instanceof Error ? error.message : error}.`,
      "--migrate needs stores that answer and are empty.",
    );
  }
}
