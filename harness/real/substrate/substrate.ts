import type { FaultlineError } from "../../faultline-error.ts";
import type { FaultCapabilities } from "../../faults/impossible-faults.ts";
import type { RealKafka, RealPostgres, RealProcess } from "../../faults/real-fault-port.ts";
import type { StoreDefinition } from "../../run/system.ts";
import type { StoreAddress } from "../clients/store-address.ts";
import type { ProxyAddress } from "../network/edge-network.ts";
import type { MessageReader } from "../network/read-piece.ts";

/** Where the servers of the real lane come from. */
export type SubstrateName = "local" | "docker" | "external";

/** Every substrate, in the order in which they are tried. */
export const substrateNames: readonly SubstrateName[] = ["local", "docker", "external"];

/** A server that died although nobody asked it to. */
export interface UnaskedDeath {
  /** `kafka`, `service payment`. */
  readonly name: string;
  /** How it ended, and the end of its log. */
  readonly why: string;
}

/** How one client's edge to a store is to be made. */
export interface StoreEdge {
  /** The port of the server that this client is to be led to, as the proxy server sees it. */
  readonly upstreamPort: number;
  readonly upstreamHost?: string;
  /** Where the edge must listen, where the server tells its clients so (Kafka's advertised listeners). */
  readonly listenPort?: number;
  /** Reads what passes, for each new connection; by default what the kind of store calls for. */
  readonly newReader?: () => MessageReader;
  /** Is told once where the edge listens. */
  opened?(listenPort: number): void;
}

/** The way on which a replica follows its primary, as an edge from the one to the other. */
export interface ReplicationWay {
  /** Names of stores. */
  readonly replica: string;
  readonly primary: string;
  readonly upstreamPort: number;
  /** Where the replica looks for its primary, so where the edge must listen. */
  readonly listenPort: number;
  /** Pieces of data that the primary has sent to the replica so far. */
  sentDown(): number;
  /** Until then the replica follows past all edges, and the port is in use. */
  free(): Promise<void>;
}

/** The stores of one run: empty when they are handed out. To dispose is to give them back. */
export interface ProvisionedStores extends AsyncDisposable {
  /** Where the harness reaches a store, past every proxy. */
  address(store: string): StoreAddress;
  /** How `client` is to be led to it: over one edge, or one for each of its servers, of which it is given the first. */
  edges(store: string, client: string): readonly StoreEdge[];
  /** What was seen on the way to a store and makes the run worthless, or null. */
  trouble(): FaultlineError | null;
  /** The ways from replicas to primaries that can be led over edges. */
  replications(): readonly ReplicationWay[];
  /** The process of its server. */
  process(store: string): RealProcess;
  /** Throws `bad-plan` where it is no PostgreSQL store. */
  postgres(store: string): RealPostgres;
  /** Throws `bad-plan` where it is no Kafka store. */
  kafka(store: string): RealKafka;
}

/** Which stores a run needs, and who will connect to them. */
export interface ProvisionRequest {
  readonly stores: readonly StoreDefinition[];
  /** The services that use a store, by its name. */
  readonly users: ReadonlyMap<string, readonly string[]>;
}

/** Real servers, up until disposed of. Serves one run at a time. */
export interface Substrate extends AsyncDisposable {
  readonly name: SubstrateName;
  /** What runs, each as it must be called: `PostgreSQL 18.4`, `MongoDB protocol stand-in 1.47.0`. */
  readonly components: readonly string[];
  readonly capabilities: FaultCapabilities;
  /** Of the proxy server's interface. */
  readonly toxiproxyUrl: string;
  readonly nextProxyAddress?: () => ProxyAddress;
  /** Starts what is missing and hands out empty stores. */
  provision(request: ProvisionRequest): Promise<ProvisionedStores>;
  /** A server that died for a reason of its own since the last call, or null. */
  unaskedDeath(): UnaskedDeath | null;
}
