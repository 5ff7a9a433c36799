import { FaultlineError } from "../../faultline-error.ts";
import type { StoreDefinition } from "../../run/system.ts";

/** Where a store is reached, by whoever holds the address: directly, or through a proxy. */
export interface StoreAddress {
  readonly kind: StoreDefinition["kind"];
  /** `postgres://user:password@host:port/database`, `mongodb://host:port/database`, `kafka://host:port`, `redis://host:port/0`. */
  readonly url: string;
}

const kinds: ReadonlyMap<string, StoreAddress["kind"]> = new Map([
  ["postgres:", "postgres"],
  ["postgresql:", "postgres"],
  ["mongodb:", "mongodb"],
  ["kafka:", "kafka"],
  ["redis:", "redis"],
]);

/** Reads a store's URL. `name` says where it came from. Throws `bad-address`. */
export function parseStoreAddress(name: string, url: string): StoreAddress {
  const kind = kinds.get(URL.parse(url)?.protocol ?? "");
  if (kind !== undefined) return { kind, url };
  throw new FaultlineError(
    "usage",
    "bad-address",
    `${name}: expected a URL of ${[...kinds.keys()].map((protocol) => `${protocol}//`).join(", ")}; found "${url}".`,
    "For example: postgres://user:password@127.0.0.1:5432/users",
  );
}
