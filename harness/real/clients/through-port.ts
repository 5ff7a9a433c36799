import type { StoreAddress } from "./store-address.ts";

/** The same store, reached through a loopback port: that of a proxy. */
export function throughPort({ kind, url }: StoreAddress, port: number): StoreAddress {
  const changed = new URL(url);
  changed.hostname = "127.0.0.1";
  changed.port = String(port);
  return { kind, url: changed.href };
}
