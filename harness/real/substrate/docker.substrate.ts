import { FaultlineError } from "../../faultline-error.ts";
import type { StoreDefinition } from "../../run/system.ts";
import type { Clock } from "../../time/clock.ts";
import { type ComponentKind, componentKinds } from "../components/component.ts";
import { identifyMongodb } from "../components/mongodb-identity.ts";
import type { ServerSite } from "../components/server-site.ts";
import { type ContainerEngine, findContainerEngine } from "./container-engine.ts";
import { type DockerImages, dockerImages } from "./docker-images.ts";
import { DockerServers } from "./docker-servers.ts";
import { LocalStores } from "./local-stores.ts";
import type { Substrate } from "./substrate.ts";
import { ownServers } from "./substrate-capabilities.ts";

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

/** Of what is what its image is called. What speaks MongoDB's protocol is asked. */
const labels: Readonly<Record<Exclude<ComponentKind, "mongodb">, string>> = {
  toxiproxy: "Toxiproxy",
  postgres: "PostgreSQL",
  redis: "Redis",
  kafka: "Kafka",
};

/**
 * Servers as containers that share the network of this machine, each on a free port of 127.0.0.1; services are
 * processes beside them. Throws `no-container-engine` and `image-missing` before anything starts.
 */
export async function startDockerSubstrate(options: DockerSubstrateOptions): Promise<Substrate> {
  const { kinds, site, libfaketime } = options;
  const needed = componentKinds.filter((kind) => kind === "toxiproxy" || kinds.has(kind));
  const search = await findContainerEngine();
  if (search.engine === null) throw noEngine(search.why);
  const { engine } = search;
  const images = dockerImages(options.images);
  for (const kind of needed) await pull(engine, images[kind], site.clock);
  const label = `faultline.harness=${site.reaper.mark}`;
  site.reaper.addContainers({ socketPath: engine.socketPath, label });
  const servers = new DockerServers({ engine, images, label, site });
  let started: Started;
  try {
    started = await startAndAsk(servers, needed, images);
  } catch (error) {
    await servers[Symbol.asyncDispose]();
    throw error;
  }
  let run = 0;
  return {
    name: "docker",
    ...started,
    capabilities: ownServers(libfaketime),
    provision: async (request) => await LocalStores.open(servers, request, `run${++run}`, site.clock),
    unaskedDeath: () => servers.takeDeath(),
    [Symbol.asyncDispose]: () => servers[Symbol.asyncDispose](),
  };
}

type Started = Pick<Substrate, "components" | "toxiproxyUrl">;

/** The proxy server is up before the first run; so is MongoDB, since only the server itself tells whether it is one. */
async function startAndAsk(
  servers: DockerServers,
  needed: readonly ComponentKind[],
  images: DockerImages,
): Promise<Started> {
  const { url: toxiproxyUrl } = await servers.toxiproxy();
  const mongodb = needed.includes("mongodb") ? await identifyMongodb((await servers.mongodb(0)).url) : null;
  const components = needed.map((kind) => {
    const label = kind === "mongodb" ? (mongodb?.label ?? "") : labels[kind];
    return `${label} (container of ${images[kind]})`;
  });
  return { components, toxiproxyUrl };
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
