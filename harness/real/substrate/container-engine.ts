import type { ContainerRuntimeClient } from "testcontainers";

/** A container engine of this machine. */
export interface ContainerEngine {
  readonly client: ContainerRuntimeClient;
  /** Of its interface. */
  readonly socketPath: string;
  /** `container engine 20.10.24 on Debian GNU/Linux 12 (bookworm)`. */
  readonly label: string;
}

/** An engine, or why there is none that can be used. */
export type EngineSearch =
  | { readonly engine: ContainerEngine }
  | { readonly engine: null; readonly why: string };

/** What decides whether an engine can be used. */
export interface EngineFacts {
  readonly platform: NodeJS.Platform;
  /** Null where it is reached over the network. */
  readonly socketPath: string | null;
  readonly operatingSystem: string;
  /** As the engine tells them: `name=seccomp,profile=default`, `name=rootless`. */
  readonly securityOptions: readonly string[];
}

/**
 * Looks for an engine where testcontainers does: `DOCKER_HOST`, the socket of the system or the user, contexts.
 * Never rejects.
 */
export async function findContainerEngine(): Promise<EngineSearch> {
  try {
    // Loaded here only: it takes a while, and no other substrate needs it.
    const { getContainerRuntimeClient } = await import("testcontainers");
    const client = await getContainerRuntimeClient();
    const { dockerode } = client.container;
    const { SecurityOptions = [] } = (await dockerode.info()) as { SecurityOptions?: string[] };
    const { socketPath } = dockerode.modem as { socketPath?: unknown };
    const { operatingSystem } = client.info.containerRuntime;
    const facts: EngineFacts = {
      platform: process.platform,
      socketPath: typeof socketPath === "string" ? socketPath : null,
      operatingSystem,
      securityOptions: SecurityOptions,
    };
    const why = whyUnusable(facts);
    if (why !== null || facts.socketPath === null) return { engine: null, why: why ?? "" };
    const { Version } = await dockerode.version();
    const label = `container engine ${Version} on ${operatingSystem}`;
    return { engine: { client, socketPath: facts.socketPath, label } };
  } catch (error) {
    return { engine: null, why: error instanceof Error ? error.message : String(error) };
  }
}

/** Containers must share the loopback interface with the services. Null: they can. */
export function whyUnusable(facts: EngineFacts): string | null {
  const { platform, socketPath, operatingSystem, securityOptions } = facts;
  const because = (why: string): string =>
    `${why}: its containers cannot share this machine's loopback interface with the services`;
  if (socketPath === null) return because("the container engine is reached over the network");
  if (platform !== "linux") return because(`on ${platform} the container engine runs in a virtual machine`);
  if (/docker desktop/i.test(operatingSystem)) return because("Docker Desktop runs in a virtual machine");
  if (securityOptions.some((option) => option.split(",").includes("name=rootless")))
    return because("the container engine runs without root, in a network of its own");
  return null;
}
