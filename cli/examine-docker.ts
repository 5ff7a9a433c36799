import { type ComponentKind, componentKinds } from "../harness/real/components/component.ts";
import { openDataFolder } from "../harness/real/components/open-data-folder.ts";
import { portSource } from "../harness/real/processes/port-source.ts";
import { startReaper } from "../harness/real/processes/reaper.ts";
import { type ContainerEngine, findContainerEngine } from "../harness/real/substrate/container-engine.ts";
import { startDockerSubstrate } from "../harness/real/substrate/docker.substrate.ts";
import { type DockerImages, dockerImages } from "../harness/real/substrate/docker-images.ts";
import { systemClock } from "../harness/time/system-clock.ts";
import { oneLine } from "./error-document.ts";

/**
 * Whether the docker substrate can run here, and what it has: what is called MongoDB is started and asked whether
 * it is. Nothing is pulled. Never rejects.
 */
export async function examineDocker(
  configured: Partial<DockerImages>,
): Promise<{ readonly possible: boolean; readonly why: string }> {
  try {
    const search = await findContainerEngine();
    if (search.engine === null) return { possible: false, why: oneLine(search.why) };
    const images = dockerImages(configured);
    const here = await kindsHere(search.engine, images);
    const absent = componentKinds.filter((kind) => !here.has(kind)).map((kind) => images[kind]);
    const why = [
      search.engine.label,
      ...(here.has("toxiproxy") ? await startedFrom(here, images) : []),
      ...(absent.length === 0 ? [] : [`to be pulled: ${absent.join(", ")}`]),
    ];
    return { possible: true, why: why.join("; ") };
  } catch (error) {
    return { possible: false, why: oneLine(error instanceof Error ? error.message : String(error)) };
  }
}

/** The kinds whose images are on this machine. */
async function kindsHere({ client }: ContainerEngine, images: DockerImages): Promise<Set<ComponentKind>> {
  const { ImageName } = await import("testcontainers");
  const here = new Set<ComponentKind>();
  for (const kind of componentKinds) {
    if (await client.image.exists(ImageName.fromString(images[kind]))) here.add(kind);
  }
  return here;
}

/** What the substrate calls its components, once it has started what it must ask. */
async function startedFrom(
  here: ReadonlySet<ComponentKind>,
  images: DockerImages,
): Promise<readonly string[]> {
  await using reaper = startReaper();
  const site = {
    logFolder: openDataFolder(reaper),
    clock: systemClock(),
    ports: portSource(process.pid),
    reaper,
  };
  const kinds = new Set([...here].filter((kind) => kind !== "toxiproxy"));
  await using substrate = await startDockerSubstrate({ kinds, images, site, libfaketime: "not looked for" });
  return substrate.components;
}
