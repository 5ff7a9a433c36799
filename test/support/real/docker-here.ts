import { loadConfig } from "../../../cli/config/load-config.ts";
import { findContainerEngine } from "../../../harness/real/substrate/container-engine.ts";
import { type DockerImages, dockerImages } from "../../../harness/real/substrate/docker-images.ts";

/** The images of this machine's engine; null, with the reason on stderr, without an engine or without one of them. */
export async function dockerHere(): Promise<DockerImages | null> {
  const skipped = (why: string): null => {
    process.stderr.write(`Tests of the docker substrate are skipped: ${why}\n`);
    return null;
  };
  const search = await findContainerEngine();
  if (search.engine === null) return skipped(search.why);
  const { FAULTLINE_TEST_CONFIG: path } = process.env;
  const loaded = path === undefined ? null : await loadConfig(path, process.cwd());
  const images = dockerImages(loaded?.config.docker?.images);
  const { ImageName } = await import("testcontainers");
  for (const image of Object.values(images)) {
    const there = await search.engine.client.image.exists(ImageName.fromString(image));
    if (!there) return skipped(`the image ${image} is not on this machine.`);
  }
  return images;
}
