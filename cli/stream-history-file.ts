import { createReadStream, statSync } from "node:fs";
import type { HistoryFormat } from "../checkers/formats/format-names.ts";
import { guessedFrom, guessFormat } from "../checkers/formats/guess-format.ts";
import { FaultlineError } from "../harness/faultline-error.ts";
import type { Output } from "./command-io.ts";
import { oneLine } from "./error-document.ts";
import { refuseOtherEncodings } from "./odd-file.ts";
import { readingProgress } from "./reading-progress.ts";

/** Whatever takes a file in chunks and says in the end what it was. */
export interface ChunkReader<Result> {
  push(chunk: Uint8Array): boolean;
  end(): Result;
}

/** What came of a file, and the format in which it was read. */
export interface StreamedFile<Result> {
  readonly result: Result;
  readonly format: HistoryFormat;
}

/**
 * Streams a file into a reader of the given format; without one the format is guessed from the beginning.
 * How far it is shows on `err`. Throws `unreadable-file`.
 */
export async function streamHistoryFile<Result>(
  file: string,
  shown: string,
  given: HistoryFormat | undefined,
  open: (format: HistoryFormat) => ChunkReader<Result>,
  err: Output,
): Promise<StreamedFile<Result>> {
  using progress = readingProgress(err, shown, sizeOf(file));
  let beginning = Buffer.alloc(0);
  let format = given;
  let reader = given === undefined ? undefined : open(given);
  const start = (): ChunkReader<Result> => {
    format = guessFormat(beginning.toString("utf8"));
    const opened = open(format);
    opened.push(beginning);
    return opened;
  };
  try {
    let isFirst = true;
    for await (const chunk of createReadStream(file)) {
      if (isFirst) refuseOtherEncodings(chunk as Buffer, shown);
      isFirst = false;
      progress.read((chunk as Buffer).length);
      if (reader !== undefined) {
        if (!reader.push(chunk as Buffer)) break;
        continue;
      }
      beginning = Buffer.concat([beginning, chunk as Buffer]);
      if (beginning.length >= guessedFrom) reader = start();
    }
  } catch (error) {
    if (error instanceof FaultlineError) throw error;
    const why = oneLine(error instanceof Error ? error.message : String(error));
    throw new FaultlineError("usage", "unreadable-file", `${shown} cannot be read: ${why}.`);
  }
  reader ??= start();
  return { result: reader.end(), format: format ?? "ndjson" };
}

/** Bytes of a file; 0 where that is not known, as of a pipe. */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
