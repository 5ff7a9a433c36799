import type { FoundComponent } from "./component.ts";
import { startKafka } from "./kafka.component.ts";
import { startMongodb } from "./mongodb.component.ts";
import { startPostgres } from "./postgres.component.ts";
import { startRedis } from "./redis.component.ts";
import type { RunningServer } from "./running-server.ts";
import type { ServerSite } from "./server-site.ts";
import { startToxiproxy } from "./toxiproxy.component.ts";

/** Starts a component of whatever kind with nothing special about it. Throws `FaultlineError`. */
export function startComponent(
  component: FoundComponent,
  site: ServerSite,
  cacheFolder: string,
): Promise<RunningServer> {
  switch (component.kind) {
    case "postgres":
      return startPostgres(component, site, { cacheFolder });
    case "toxiproxy":
      return startToxiproxy(component, site);
    case "kafka":
      return startKafka(component, site);
    case "mongodb":
      return startMongodb(component, site);
    case "redis":
      return startRedis(component, site);
  }
}
