import type { StoreDefinition } from "../../run/system.ts";

const proxied = "which is not supported: a proxy has another name than the certificate";

/**
 * What in an address asks for TLS or SASL, in words without a password; null where nothing does. It is refused by name, since
 * a client that met it only in a run would blame the services.
 */
export function asksForEncryption(kind: StoreDefinition["kind"], address: string): string | null {
  if (kind === "kafka") {
    const scheme = /(?:^|,)\s*([\w+]*(?:ssl|sasl|tls)[\w+]*):\/\//i.exec(address)?.[1];
    return scheme === undefined
      ? null
      : `"${scheme}://" asks for TLS or SASL, ${proxied}; SASL is not spoken`;
  }
  const url = URL.parse(address);
  if (url === null) return null;
  if (["rediss:", "mongodb+srv:"].includes(url.protocol))
    return `"${url.protocol}//" asks for TLS, ${proxied}`;
  for (const name of ["sslmode", "ssl", "tls"]) {
    const value = url.searchParams.get(name);
    if (value === null || ["disable", "false", "0"].includes(value.toLowerCase())) continue;
    return `"${name}" asks for TLS, ${proxied}; leave it out`;
  }
  return null;
}
