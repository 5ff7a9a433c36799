import type { ServiceFetch } from "../../run/system.ts";

/**
 * `fetch` as services and workloads know it: the host of the URL is the name of a service, which is
 * replaced by its address. A name without an address fails as an unknown host does.
 */
export function createRealFetch(services: ReadonlyMap<string, string>): ServiceFetch {
  return (url, init) => {
    const { hostname, pathname, search } = new URL(url);
    const origin = services.get(hostname);
    if (origin !== undefined) return fetch(`${origin}${pathname}${search}`, init);
    const cause = Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: "ENOTFOUND" });
    return Promise.reject(new TypeError("fetch failed", { cause }));
  };
}
