import { FaultlineError } from "../../faultline-error.ts";
import { type PortSource, portSource } from "../processes/port-source.ts";
import { type Reaper, startReaper } from "../processes/reaper.ts";
import type { ComponentKind, ComponentSearch, MissingComponent } from "./component.ts";
import { findComponent } from "./find-component.ts";
import { attempt, type ObtainContext, type Obtained } from "./obtain.ts";
import { obtainKafka } from "./obtain-kafka.ts";
import { obtainMongodb } from "./obtain-mongodb.ts";
import { obtainToxiproxy } from "./obtain-toxiproxy.ts";
import { openDataFolder } from "./open-data-folder.ts";
import { prepareComponent } from "./prepare-component.ts";

/** Gets components that are not there yet and prepares quick starts, one after the other. Never rejects. */
export async function setupComponents(
  kinds: readonly ComponentKind[],
  context: ObtainContext,
): Promise<readonly ComponentSearch[]> {
  await using reaper = startReaper();
  const ports = portSource(process.pid);
  const searches: ComponentSearch[] = [];
  for (const kind of kinds) searches.push(await setup(kind, context, reaper, ports));
  return searches;
}

async function setup(
  kind: ComponentKind,
  context: ObtainContext,
  reaper: Reaper,
  ports: PortSource,
): Promise<ComponentSearch> {
  const { environment, clock, say } = context;
  let search = await findComponent(kind, environment);
  if (!search.found) {
    const missing = search;
    const obtained = await attempt(() => obtain(missing, context), missing.command);
    if (!obtained.ok) {
      const why = obtained.why === "" ? missing.why : `${missing.why} ${obtained.why}`;
      return { ...missing, why, command: obtained.command };
    }
    search = await findComponent(kind, environment);
    if (!search.found) return search;
  }
  const data = openDataFolder(reaper);
  try {
    const site = { name: kind, logFolder: data, dataFolder: data, clock, ports, reaper };
    const prepared = await prepareComponent(search, environment, site);
    const { label, version, source } = search;
    say(`${kind}: ${label} ${version} (${source})${prepared === "" ? "" : `, with ${prepared}`}`);
    return search;
  } catch (error) {
    const why = error instanceof FaultlineError ? error.message : String(error);
    const { label } = search;
    return {
      found: false,
      kind,
      label,
      why: `It is there, but does not start: ${why}`,
      command: "faultline doctor",
    };
  }
}

/** Of what no source is known, the command of the search stays; "" as a reason adds nothing to its own. */
async function obtain({ kind, command }: MissingComponent, context: ObtainContext): Promise<Obtained> {
  if (kind === "toxiproxy") return obtainToxiproxy(context);
  if (kind === "kafka") return obtainKafka(context);
  if (kind === "mongodb" && context.environment.configured.mongodb === undefined)
    return obtainMongodb(context);
  return { ok: false, why: "", command };
}
