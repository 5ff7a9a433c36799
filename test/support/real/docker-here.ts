import { loadConfig } from "../../../cli/config/load-config.ts";
import { type ComponentKind, componentKinds } from "../../../harness/real/components/component.ts";
import { findContainerEngine } from "../../../harness/real/substrate/container-engine.ts";
import { type DockerImages, dockerImages } from "../../../harness/real/substrate/docker-images.ts";

/** What there is to test the docker substrate with. */
export interface DockerHere {
  readonly images: DockerImages;
  /** Those whose images are on this machine. */
  readonly kinds: ReadonlySet<ComponentKind>;
}

/** The images of this machine's engine; without an engine there are none. Says on stderr what is missing, and why. */
export async function dockerHere(): Promise<DockerHere> {
  const search = await findContainerEngine();
  const { FAULTLINE_TEST_CONFIG: path } = process.env;
  const loaded = path === undefined ? null : await loadConfig(path, process.cwd());
  const images = dockerImages(loaded?.config.docker?.images);
  const kinds = new Set<ComponentKind>();
  if (search.engine === null) {
    process.stderr.write(`Tests of the docker substrate are skipped: ${search.why}\n`);
    return { images, kinds };
  }
  const { ImageName } = await import("testcontainers");
  for (const kind of componentKinds) {
    if (await search.engine.client.image.exists(ImageName.fromString(images[kind]))) kinds.add(kind);
    else process.stderr.write(`Tests of ${kind} in a container are skipped: ${images[kind]} is not here.\n`);
  }
  return { images, kinds };
}
