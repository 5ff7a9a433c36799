import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { FaultlineError } from "../../faultline-error.ts";
import type { Clock } from "../../time/clock.ts";

const TIMEOUT_MS = 600_000;

/** A file of an official release, and how it is checked. */
export interface ReleaseFile {
  readonly url: string;
  readonly algorithm: "sha256" | "sha512";
  /** In hexadecimal. */
  readonly checksum: string;
}

/** Fetches a file to `path`. Rejects with `download-failed`, or `bad-checksum` when it is another file. */
export type Download = (file: ReleaseFile, path: string) => Promise<void>;

/** A download by HTTP, bounded in time. */
export function downloadWith(clock: Clock): Download {
  return async ({ url, algorithm, checksum }, path) => {
    const hash = createHash(algorithm);
    try {
      const response = await fetch(url, { signal: clock.timeoutSignal(TIMEOUT_MS) });
      if (!response.ok || response.body === null) throw new Error(`HTTP status ${response.status}`);
      const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
      body.on("data", (bytes: Uint8Array) => hash.update(bytes));
      await pipeline(body, createWriteStream(path));
    } catch (error) {
      throw downloadFailed(url, error);
    }
    const found = hash.digest("hex");
    if (found === checksum) return;
    throw new FaultlineError(
      "harness",
      "bad-checksum",
      `${url}: expected ${algorithm} ${checksum}; found ${found}.`,
      "It is not the file that was released: do not use it.",
    );
  };
}

/** Fetches a small text, such as a checksum file. Rejects with `download-failed`. */
export async function downloadText(url: string, clock: Clock): Promise<string> {
  try {
    const response = await fetch(url, { signal: clock.timeoutSignal(60_000) });
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    return (await response.text()).slice(0, 10_000);
  } catch (error) {
    throw downloadFailed(url, error);
  }
}

function downloadFailed(url: string, error: unknown): FaultlineError {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  const reason = cause instanceof Error ? `${message}: ${cause.message}` : message;
  return new FaultlineError("harness", "download-failed", `${url}: ${reason}`, "Is there a network?");
}
