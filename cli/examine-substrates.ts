import type { DockerImages } from "../harness/real/substrate/docker-images.ts";
import { type ExternalAddresses, externalKinds } from "../harness/real/substrate/external-addresses.ts";
import { type SubstrateName, substrateNames } from "../harness/real/substrate/substrate.ts";
import { oneLine } from "./error-document.ts";
import type { ExaminedComponent } from "./examine-components.ts";
import { examineDocker } from "./examine-docker.ts";

/** Whether the real lane can run on a substrate here. */
export interface ExaminedSubstrate {
  readonly name: SubstrateName;
  readonly possible: boolean;
  readonly why: string;
}

/** Which substrates the real lane can have on this machine, and why not. Never rejects. */
export async function examineSubstrates(
  components: readonly ExaminedComponent[],
  external: ExternalAddresses | undefined,
  images: Partial<DockerImages>,
): Promise<readonly ExaminedSubstrate[]> {
  const examine: Readonly<Record<SubstrateName, () => Promise<Omit<ExaminedSubstrate, "name">>>> = {
    local: async () => examineLocal(components),
    docker: () => examineDocker(images),
    external: async () => examineExternal(components, external),
  };
  return Promise.all(substrateNames.map(async (name) => ({ name, ...(await examine[name]()) })));
}

function examineLocal(components: readonly ExaminedComponent[]): Omit<ExaminedSubstrate, "name"> {
  const absent = components.filter(({ startMs }) => startMs === null).map(({ kind }) => kind);
  if (absent.length === 0) return { possible: true, why: "every component starts" };
  return { possible: false, why: `missing: ${absent.join(", ")}; \`faultline setup\` gets what it can` };
}

/** What the configuration names must answer; the proxies in front of it run here. */
async function examineExternal(
  components: readonly ExaminedComponent[],
  addresses: ExternalAddresses | undefined,
): Promise<Omit<ExaminedSubstrate, "name">> {
  const { reachExternal } = await import("../harness/real/substrate/external-server.ts");
  const named = externalKinds.flatMap((kind) => {
    const address = addresses?.[kind];
    return address === undefined ? [] : [{ kind, address }];
  });
  if (named.length === 0) {
    const why =
      "faultline.config.ts names no server: external: { postgres: …, mongodb: …, redis: …, kafka: … }";
    return { possible: false, why };
  }
  const labels: string[] = [];
  try {
    for (const { kind, address } of named) labels.push((await reachExternal(kind, address)).label);
  } catch (error) {
    return { possible: false, why: oneLine(error instanceof Error ? error.message : String(error)) };
  }
  const why = labels.join(", ");
  if (components.some(({ kind, startMs }) => kind === "toxiproxy" && startMs !== null)) {
    return { possible: true, why };
  }
  return { possible: false, why: `${why}; missing: toxiproxy, which runs on this machine` };
}
