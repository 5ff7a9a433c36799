import type { ComponentKind, ComponentSearch } from "./component.ts";
import type { ComponentEnvironment } from "./component-environment.ts";
import { findKafka } from "./kafka.component.ts";
import { findMongodb } from "./mongodb.component.ts";
import { findPostgres } from "./postgres.component.ts";
import { findRedis } from "./redis.component.ts";
import { findToxiproxy } from "./toxiproxy.component.ts";

/** How each kind is looked for: quick, and without starting anything but `--version`. */
const finders: Readonly<
  Record<ComponentKind, (environment: ComponentEnvironment) => Promise<ComponentSearch>>
> = {
  postgres: findPostgres,
  toxiproxy: findToxiproxy,
  kafka: findKafka,
  mongodb: findMongodb,
  redis: findRedis,
};

/** Looks for a component on this machine. */
export function findComponent(
  kind: ComponentKind,
  environment: ComponentEnvironment,
): Promise<ComponentSearch> {
  return finders[kind](environment);
}
