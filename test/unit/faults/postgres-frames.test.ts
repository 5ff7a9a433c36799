import * as fc from "fast-check";
import { expect, test } from "vitest";
import { httpReader } from "../../../harness/real/network/http-reader.ts";
import { HEAD_BYTES_MAX, PostgresFrames } from "../../../harness/real/network/postgres-frames.ts";
import { postgresReader } from "../../../harness/real/network/postgres-reader.ts";

function message(type: string, content: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(content.length + 4);
  return Buffer.concat([Buffer.from(type, "latin1"), length, Buffer.from(content, "latin1")]);
}

/** Cuts bytes at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % bytes.length))].sort((a, b) => a - b);
  return [0, ...ends].map((start, at) => bytes.subarray(start, ends[at])).filter(({ length }) => length > 0);
}

const content = fc.string({ maxLength: 600, unit: fc.constantFrom("a", "\0", "C", "é") });

test("messages are found whichever way the bytes come in pieces", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom("Q", "C", "Z", "P"), content), { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(), { maxLength: 30 }),
      (messages, places) => {
        const bytes = Buffer.concat(messages.map(([type, text]) => message(type, text)));
        const frames = new PostgresFrames(false);
        const found = cut(bytes, places).flatMap((piece) => frames.push(piece));
        expect(found.map(({ type, head }) => [type, head.toString("latin1")])).toEqual(
          messages.map(([type, text]) => [type, text.slice(0, HEAD_BYTES_MAX)]),
        );
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

test("COMMIT is found as a simple query, as a prepared one, and nowhere else", () => {
  const reader = postgresReader();
  const start = message("", "\0\u0003\0\0user\0postgres\0\0");
  expect(reader.up(start).holds).toEqual(["request"]);
  expect(reader.up(message("Q", "commit\0")).holds).toContain("commit-request");
  expect(reader.up(message("P", "name\0COMMIT\0\0\0")).holds).toContain("commit-request");
  expect(reader.up(message("Q", "select 'commit'\0")).holds).toEqual(["request"]);
  expect(reader.up(message("Q", "commitment\0")).holds).toEqual(["request"]);
  expect(reader.up(message("X", "")).holds).toEqual([]);
  expect(reader.down(message("C", "COMMIT\0")).holds).toContain("commit-answer");
  expect(reader.down(message("C", "ROLLBACK\0")).holds).toEqual(["answer"]);
  expect(reader.down(message("D", "COMMIT\0")).holds).toEqual(["answer"]);
  expect(reader.down(message("E", "SFATAL\0VFATAL\0C53300\0Msorry\0\0")).holds).toContain(
    "too-many-connections",
  );
});

test("a client that asks for encryption first is followed where the server declines", () => {
  const reader = postgresReader();
  const encryption = Buffer.alloc(8);
  encryption.writeInt32BE(8);
  encryption.writeInt32BE(80877103, 4);
  reader.up(encryption);
  reader.down(Buffer.from("N"));
  reader.up(message("", "\0\u0003\0\0user\0postgres\0\0"));
  expect(reader.up(message("Q", "COMMIT\0")).holds).toContain("commit-request");
  expect(reader.down(message("C", "COMMIT\0")).holds).toContain("commit-answer");
});

test("an HTTP request is whole when its body is, and not when its length is not known", () => {
  const head = "POST /x HTTP/1.1\r\nContent-Length: 5\r\n\r\n";
  const reader = httpReader();
  expect(reader.up(Buffer.from(head)).request).toBe(null);
  expect(reader.up(Buffer.from("ab")).request).toBe(null);
  expect(String(reader.up(Buffer.from("cde")).request)).toBe(`${head}abcde`);
  reader.down(Buffer.from("HTTP/1.1 200 OK\r\n\r\n"));
  expect(String(reader.up(Buffer.from("GET / HTTP/1.1\r\n\r\n")).request)).toBe("GET / HTTP/1.1\r\n\r\n");
  const chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  expect(httpReader().up(Buffer.from(chunked)).request).toBe(null);
});
