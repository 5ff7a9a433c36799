// A harness that starts what a harness starts, says what that is on stdout, and waits to be killed.
// `postgres` as argument: a PostgreSQL server with a connection too.
import { componentEnvironment } from "../../../harness/real/components/component-environment.ts";
import { openDataFolder } from "../../../harness/real/components/open-data-folder.ts";
import { findPostgres, startPostgres } from "../../../harness/real/components/postgres.component.ts";
import { portSource } from "../../../harness/real/processes/port-source.ts";
import { startReaper } from "../../../harness/real/processes/reaper.ts";
import { spawnProcess } from "../../../harness/real/processes/supervised-process.ts";
import { systemClock } from "../../../harness/time/system-clock.ts";
import { grandparent, listener } from "./small-programs.ts";

const clock = systemClock();
const reaper = startReaper();
const folder = openDataFolder(reaper);
const ports = portSource(process.pid);
const port = await ports.next();
const common = { command: process.execPath, cwd: folder, logPath: `${folder}/log`, clock, reaper };
const server = await spawnProcess({ ...common, name: "listener", args: ["-e", listener, String(port)] });
const paused = await spawnProcess({ ...common, name: "paused", args: ["-e", "setInterval(() => {}, 1000)"] });
paused.signal("SIGSTOP");
const parent = await spawnProcess({ ...common, name: "grandparent", args: ["-e", grandparent] });
const pids = [reaper.pid, server.pid, paused.pid, parent.pid];
const portsInUse = [port];

if (process.argv[2] === "postgres") {
  const environment = componentEnvironment(process.env);
  const component = await findPostgres(environment);
  if (!component.found) throw new Error(component.why);
  const site = { name: "postgres", logFolder: folder, dataFolder: folder, clock, ports, reaper };
  const postgres = await startPostgres(component, site, { cacheFolder: environment.cacheFolder });
  pids.push(postgres.pid);
  portsInUse.push(postgres.port);
}

process.stdout.write(`${JSON.stringify({ folder, pids, ports: portsInUse, mark: reaper.mark })}\n`);
await clock.sleep(600_000);
