import { FaultlineError } from "../../faultline-error.ts";
import type { StoreDefinition } from "../../run/system.ts";
import type { Clock } from "../../time/clock.ts";
import type { ServerSite } from "../components/server-site.ts";
import { type ContainerEngine, findContainerEngine } from "./container-engine.ts";
import { type ContainerKind, type DockerImages, dockerImages, isContainerKind } from "./docker-images.ts";
import { DockerServers, notAsContainer } from "./docker-servers.ts";
import { LocalStores } from "./local-stores.ts";
import type { Substrate } from "./substrate.ts";

const PULL_TIMEOUT_MS = 300_000;

/** What the docker substrate is started with. */
export interface DockerSubstrateOptions {
  /** The kinds of stores that the runs will need. */
  readonly kinds: ReadonlySet<StoreDefinition["kind"]>;
  readonly site: Omit<ServerSite, "name" | "dataFolder">;
  /** In the place of the pinned ones. */
  readonly images: Partial<DockerImages>;
  /** What libfaketime is not there for, or true. */
  readonly libfaketime: true | string;
}

const labels: Readonly<Record<ContainerKind, string>> = {
  toxiproxy: "Toxiproxy",
  postgres: "PostgreSQL",
  redis: "Redis",
};

/**
 * Servers as containers that share the network of this machine, each on a free port of 127.0.0.1; services are
 * processes beside them. Throws before anything starts: `not-as-container` for a kind of store that it does not
 * have, `no-container-engine`, `image-missing`.
 */
export async function startDockerSubstrate(options: DockerSubstrateOptions): Promise<Substrate> {
  const { kinds, site, libfaketime } = options;
  const needed: ContainerKind[] = ["toxiproxy"];
  for (const kind of kinds) {
    if (!isContainerKind(kind)) throw notAsContainer(kind);
    needed.push(kind);
  }
  const search = await findContainerEngine();
  if (search.engine === null) throw noEngine(search.why);
  const { engine } = search;
  const images = dockerImages(options.images);
  for (const kind of needed) await pull(engine, images[kind], site.clock);
  const label = `faultline.harness=${site.reaper.mark}`;
  site.reaper.addContainers({ socketPath: engine.socketPath, label });
  const servers = new DockerServers({ engine, images, label, site });
  const { url: toxiproxyUrl } = await servers.toxiproxy();
  let run = 0;
  return {
    name: "docker",
    components: needed.map((kind) => `${labels[kind]} (container of ${images[kind]})`),
    capabilities: {
      proxies: true,
      processes: true,
      "postgres-superuser": true,
      "postgres-sessions": true,
      "postgres-slots": true,
      "kafka-admin": "the docker substrate has no Kafka",
      libfaketime,
    },
    toxiproxyUrl,
    provision: async (request) => await LocalStores.open(servers, request, `run${++run}`, site.clock),
    unaskedDeath: () => servers.takeDeath(),
    [Symbol.asyncDispose]: () => servers[Symbol.asyncDispose](),
  };
}

/** Gets an image that is not there. Gives up after five minutes. */
async function pull({ client }: ContainerEngine, image: string, clock: Clock): Promise<void> {
  const { ImageName } = await import("testcontainers");
  const name = ImageName.fromString(image);
  if (await client.image.exists(name)) return;
  let over = false;
  const endNs = clock.monotonicNs() + PULL_TIMEOUT_MS * 1e6;
  const pulled = client.image.pull(name).then(
    () => {
      over = true;
      return null;
    },
    (error: unknown) => {
      over = true;
      return error instanceof Error ? error.message : String(error);
    },
  );
  // Short naps: a timer of the whole limit would keep the harness alive after the image has come.
  while (!over && clock.monotonicNs() < endNs) await Promise.race([pulled, clock.sleep(100)]);
  const why = over ? await pulled : `it did not come within ${PULL_TIMEOUT_MS / 1000} s`;
  if (why !== null) throw imageMissing(image, why);
}

function imageMissing(image: string, why: string): FaultlineError {
  return new FaultlineError(
    "harness",
    "image-missing",
    `The image "${image}" is not on this machine and cannot be had: ${why}.`,
    "Name another one in the configuration, under `docker.images`.",
  );
}

function noEngine(why: string): FaultlineError {
  return new FaultlineError(
    "harness",
    "no-container-engine",
    `The docker substrate needs a container engine: ${why}.`,
    "Start one, or name its socket in DOCKER_HOST; `--substrate local` needs none.",
  );
}
