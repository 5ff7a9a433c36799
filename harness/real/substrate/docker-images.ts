import type { ComponentKind } from "../components/component.ts";

/** The image of each server that the docker substrate runs as a container; `name:tag` or `name@digest`. */
export type DockerImages = Readonly<Record<ComponentKind, string>>;

/** Pinned images. What another one must do in the place of one of these: docs/real-lane.md. */
export const defaultDockerImages: DockerImages = {
  toxiproxy: "ghcr.io/shopify/toxiproxy:2.12.0",
  postgres: "postgres:17.5",
  redis: "redis:7.4.2",
  kafka: "apache/kafka:4.3.1",
  mongodb: "mongo:8.0.17",
};

/** The images with those of a configuration in their places. */
export function dockerImages(configured: Partial<DockerImages> = {}): DockerImages {
  const { toxiproxy, postgres, redis, kafka, mongodb } = { ...defaultDockerImages, ...configured };
  return { toxiproxy, postgres, redis, kafka, mongodb };
}
