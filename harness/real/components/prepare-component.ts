import { makeClassArchive } from "./class-archive.ts";
import type { FoundComponent } from "./component.ts";
import type { ComponentEnvironment } from "./component-environment.ts";
import { exerciseKafka, exerciseMongodb } from "./exercise-java-servers.ts";
import { startKafka } from "./kafka.component.ts";
import { startMongodb } from "./mongodb.component.ts";
import { binariesOf } from "./postgres.component.ts";
import { postgresUser } from "./postgres-binaries.ts";
import { postgresTemplate } from "./postgres-template.ts";
import type { ServerSite } from "./server-site.ts";

/**
 * Makes what quickens the starts of a component, once: PostgreSQL's initialised data directory, and the
 * archives of loaded classes of what runs on Java. Answers what there is now, or "". Throws `FaultlineError`.
 */
export async function prepareComponent(
  component: FoundComponent,
  environment: ComponentEnvironment,
  site: ServerSite,
): Promise<string> {
  const { kind, standIn } = component;
  if (kind === "postgres") {
    await postgresTemplate(binariesOf(component), postgresUser(), environment.cacheFolder);
    return "an initialised data directory";
  }
  if (kind !== "kafka" && !(kind === "mongodb" && standIn)) return "";
  // A folder that the user configured is not written to.
  if (component.source === "configured path") return "";
  const start = kind === "kafka" ? startKafka : startMongodb;
  const archived = await makeClassArchive(
    component,
    (javaFlags) => start(component, site, { javaFlags }),
    kind === "kafka" ? exerciseKafka : exerciseMongodb,
  );
  return archived ? "an archive of loaded classes" : "";
}
