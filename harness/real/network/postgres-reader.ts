import type { MessageSelector } from "./message-rule.ts";
import { type PostgresFrame, PostgresFrames } from "./postgres-frames.ts";
import type { MessageReader } from "./read-piece.ts";

/** The codes of a client that asks for encryption before it says who it is: TLS, GSSAPI. */
const ENCRYPTION_REQUESTS: readonly number[] = [80877103, 80877104];

/**
 * Reads a PostgreSQL connection: which piece asks for a COMMIT (as a simple query, or as the text of a
 * prepared one), which one answers it, which one refuses the connection because there are too many.
 * Of an encrypted connection it tells requests from answers only.
 */
export function postgresReader(): MessageReader {
  const client = new PostgresFrames(true);
  const server = new PostgresFrames(false);
  return {
    up: (piece) => {
      const frames = client.push(piece);
      if (frames.some(asksForEncryption)) {
        server.skipByte();
        client.expectUntyped();
      }
      if (frames.length > 0 && frames.every(({ type }) => type === "X")) return { holds: [], request: null };
      const holds: MessageSelector[] = ["request"];
      if (frames.some(asksForCommit)) holds.push("commit-request");
      return { holds, request: null };
    },
    down: (piece) => {
      const frames = server.push(piece);
      const holds: MessageSelector[] = ["answer"];
      if (frames.some(answersCommit)) holds.push("commit-answer");
      if (frames.some(refusesConnection)) holds.push("too-many-connections");
      return { holds, request: null };
    },
  };
}

function asksForEncryption({ type, head }: PostgresFrame): boolean {
  return type === "" && head.length === 4 && ENCRYPTION_REQUESTS.includes(head.readInt32BE(0));
}

function asksForCommit({ type, head }: PostgresFrame): boolean {
  if (type !== "Q" && type !== "P") return false;
  const text = head.toString("latin1");
  // Parse carries the name of the statement first, which ends with a zero byte.
  return /^\s*(commit|end)\b/i.test(type === "Q" ? text : text.slice(text.indexOf("\0") + 1));
}

function answersCommit({ type, head }: PostgresFrame): boolean {
  return type === "C" && head.toString("latin1") === "COMMIT\0";
}

function refusesConnection({ type, head }: PostgresFrame): boolean {
  return type === "E" && head.toString("latin1").includes("\0C53300\0");
}
