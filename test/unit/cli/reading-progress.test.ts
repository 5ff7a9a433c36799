import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readingProgress } from "../../../cli/reading-progress.ts";
import { streamHistoryFile } from "../../../cli/stream-history-file.ts";
import { temporaryFolder } from "../../e2e/temporary-folder.ts";
import { fakeIo } from "./fake-io.ts";

/** What is written while 400 MB are read in a second, quarter by quarter. */
function written(isTerminal: boolean, size: number): string[] {
  const { err } = fakeIo({ isTerminal });
  let ms = 0;
  {
    using progress = readingProgress(err, "big\n.ndjson", size, () => ms);
    for (let quarter = 0; quarter < 4; quarter++) {
      ms += 300;
      progress.read(100_000_000);
    }
  }
  return err.written;
}

describe("while a file is read", () => {
  test("a terminal shows how much of it, once it takes a while, and nothing is left in the end", () => {
    const lines = written(true, 400_000_000);
    expect(lines[0]).toMatch(/reading big.*\.ndjson, 200 MB: 50 %, 600 ms/);
    expect(lines.slice(0, 3).join("")).toContain("100 %");
    expect(lines.slice(0, 3).join("")).not.toContain("\n");
    expect(lines).toHaveLength(4);
    expect(lines[3]).toBe("\r\u001b[2K");
  });

  test("the share is left out where the size is not known, as of a pipe", () => {
    expect(written(true, 0)[0]).toMatch(/, 200 MB: 600 ms/);
  });

  test("nothing is shown elsewhere", () => {
    expect(written(false, 400_000_000)).toEqual([]);
  });

  test("every byte is counted", async () => {
    const file = join(temporaryFolder(), "some.ndjson");
    writeFileSync(file, "x".repeat(300_000));
    let bytes = 0;
    const reader = {
      push: (chunk: Uint8Array) => {
        bytes += chunk.length;
        return true;
      },
      end: () => bytes,
    };
    const { err } = fakeIo({ isTerminal: true });
    const { result } = await streamHistoryFile(file, "some", "ndjson", () => reader, err);
    expect(result).toBe(300_000);
  });
});
