import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { FaultlineError } from "../../faultline-error.ts";

const LOWEST = 10_240;
const EPHEMERAL_LINUX = "/proc/sys/net/ipv4/ip_local_port_range";

/** Hands out loopback ports that nobody listens on; never the same one twice. */
export interface PortSource {
  /** Throws `FaultlineError` `no-free-port`. */
  next(): Promise<number>;
}

/**
 * Free ports below the range that the system gives to outgoing connections. Inside of that range an
 * outgoing connection could take the port of a server that is down for a moment, and a client that
 * knocks at a closed port again and again is at last connected with itself.
 * `start` tells harnesses on one machine apart: their process ids will do.
 */
export function portSource(start: number): PortSource {
  const span = Math.max(1_000, ephemeralStart() - LOWEST);
  // Neighbouring process ids start far apart, so that two harnesses seldom look at the same ports.
  let offset = Math.imul(start, 193) >>> 0;
  let tried = 0;
  return {
    async next() {
      while (tried < span) {
        const port = LOWEST + (offset % span);
        offset += 1;
        tried += 1;
        if (await isFree(port)) return port;
      }
      throw new FaultlineError(
        "harness",
        "no-free-port",
        `No free loopback port was found between ${LOWEST} and ${LOWEST + span}.`,
        "End other programs that listen on ports of 127.0.0.1.",
      );
    },
  };
}

function ephemeralStart(): number {
  try {
    const low = Number(readFileSync(EPHEMERAL_LINUX, "utf8").split(/\s/)[0]);
    if (low > LOWEST + 1_000) return Math.min(low, 49_152);
  } catch {
    // Not Linux.
  }
  return 32_768;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
