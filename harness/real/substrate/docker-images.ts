/** What the docker substrate runs as containers. */
export type ContainerKind = "toxiproxy" | "postgres" | "redis";

/** The image of each; `name:tag` or `name@digest`. */
export type DockerImages = Readonly<Record<ContainerKind, string>>;

/**
 * Pinned images. Another one in the place of one of these must take the same command: arguments of
 * `toxiproxy-server` for the first, `postgres …` and `redis-server …` for the others.
 */
export const defaultDockerImages: DockerImages = {
  toxiproxy: "ghcr.io/shopify/toxiproxy:2.12.0",
  postgres: "postgres:17.5",
  redis: "redis:7.4.2",
};

/** The images with those of a configuration in their places. */
export function dockerImages(configured: Partial<DockerImages> = {}): DockerImages {
  const { toxiproxy, postgres, redis } = { ...defaultDockerImages, ...configured };
  return { toxiproxy, postgres, redis };
}

/** Can this kind of store be had as a container? */
export function isContainerKind(kind: string): kind is ContainerKind {
  return Object.hasOwn(defaultDockerImages, kind);
}
