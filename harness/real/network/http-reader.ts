import type { MessageReader } from "./read-piece.ts";

/** Requests longer than this are not copied. */
const REQUEST_BYTES_MAX = 1_048_576;

/**
 * Reads an HTTP/1.1 connection without pipelining, as Node's `fetch` uses it: finds whole requests. A
 * body in chunks is not followed: such a request cannot be copied.
 */
export function httpReader(): MessageReader {
  let pieces: Buffer[] = [];
  let bytes = 0;
  return {
    up: (piece) => {
      bytes += piece.length;
      if (bytes <= REQUEST_BYTES_MAX) pieces.push(piece);
      const request = bytes <= REQUEST_BYTES_MAX ? wholeRequest(Buffer.concat(pieces)) : null;
      if (request !== null) {
        pieces = [];
        bytes = 0;
      }
      return { holds: ["request"], request };
    },
    down: () => {
      // An answer ends the request before it, also one that was not understood.
      pieces = [];
      bytes = 0;
      return { holds: ["answer"], request: null };
    },
  };
}

function wholeRequest(bytes: Buffer): Buffer | null {
  const headerEnd = bytes.indexOf("\r\n\r\n");
  if (headerEnd < 0) return null;
  const header = bytes.toString("latin1", 0, headerEnd + 2);
  if (/\r\ntransfer-encoding:/i.test(header)) return null;
  const length = /\r\ncontent-length: *(\d{1,9}) *\r\n/i.exec(header);
  const end = headerEnd + 4 + Number(length?.[1] ?? 0);
  return bytes.length >= end ? bytes.subarray(0, end) : null;
}
