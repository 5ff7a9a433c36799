import { createFormatReader } from "../checkers/formats/create-format-reader.ts";
import type { HistoryFormat } from "../checkers/formats/format-names.ts";
import { lintFile } from "../checkers/lint/lint-file.ts";
import { largeEtcdLog, largeIsolationText, largeJepsenLines, type TextSize } from "./large-texts.ts";

/**
 * What reading histories from elsewhere costs, against `JSON.parse` of lines of JSON with as many bytes.
 * Prints milliseconds of processor time and ratios; fails nothing. `node bench/formats.bench.ts
 * [operations]`, one million unless given.
 */
function main(operations: number): void {
  const size: TextSize = { operations, clients: 50, keys: Math.max(1, Math.floor(operations / 100)) };
  console.log(
    `${operations} operations (reads and writes of isolation-text); milliseconds of processor time`,
  );
  bench("isolation-text", "register transactions", largeIsolationText({ ...size, clients: 1001 }));
  for (const kind of ["register", "list-append"] as const) {
    bench("jepsen-json", kind, largeJepsenLines(size, "json", kind));
    bench("jepsen-edn", kind, largeJepsenLines(size, "edn", kind));
  }
  bench("etcd-log", "one register", largeEtcdLog(size));
}

function bench(format: HistoryFormat, what: string, pieces: Iterable<string>): void {
  const chunks = chunksOf(pieces);
  const megabytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0) / 1e6;
  let best = Number.POSITIVE_INFINITY;
  let rows = 0;
  for (let round = 0; round < 3; round++) {
    best = Math.min(
      best,
      timed(() => {
        rows = readAll(format, chunks);
      }),
    );
  }
  const lint = timed(() => {
    const linter = lintFile(format);
    for (const chunk of chunks) linter.push(chunk);
    linter.end();
  });
  const parse = format === "jepsen-json" ? timed(() => parseAll(chunks)) : 0;
  const ratio =
    parse === 0 ? "" : `, JSON.parse per line ${Math.round(parse)}, ratio ${(best / parse).toFixed(2)}`;
  console.log(
    `${format.padEnd(15)} ${what.padEnd(22)} ${String(rows).padStart(8)} rows, ${megabytes.toFixed(0).padStart(4)} MB: ` +
      `read ${Math.round(best)}, lint ${Math.round(lint)}${ratio}`,
  );
}

function chunksOf(pieces: Iterable<string>): Uint8Array[] {
  const encoder = new TextEncoder();
  const chunks: Uint8Array[] = [];
  let text = "";
  for (const piece of pieces) {
    text += piece;
    if (text.length < 1 << 16) continue;
    chunks.push(encoder.encode(text));
    text = "";
  }
  chunks.push(encoder.encode(text));
  return chunks;
}

function readAll(format: HistoryFormat, chunks: readonly Uint8Array[]): number {
  const reader = createFormatReader(format);
  for (const chunk of chunks) reader.push(chunk);
  const result = reader.end();
  if (!result.ok) throw new Error(JSON.stringify(result.errors[0]));
  return result.history.length;
}

function parseAll(chunks: readonly Uint8Array[]): number {
  const decoder = new TextDecoder();
  const kept: unknown[] = [];
  let rest = "";
  for (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) kept.push(JSON.parse(line));
  }
  return kept.length;
}

/** Milliseconds of processor time of this thread: what else the machine does must not count. */
function timed(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

main(Number(process.argv[2] ?? 1_000_000));
