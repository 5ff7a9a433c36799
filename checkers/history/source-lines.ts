/** Where the rows of a history stand in the file, or the files, that it was read from. */
export interface SourceLines {
  /** By row: the line, counted from 1. */
  readonly line: Uint32Array;
  /** By row: the position of the file in `files`. Null where all rows are of one file. */
  readonly file: Uint16Array | null;
  /** The files as they were named; empty where there is one and its name is not needed. */
  readonly files: readonly string[];
}

/** Lines of one file that a place can tell apart; no reader takes that many. */
const linesMax = 2 ** 32;

/** File and line as one number: the line itself for the first file. */
export function placeNumber(file: number, line: number): number {
  return file * linesMax + line;
}

/** The line of a {@link placeNumber}. */
export function lineOfPlace(place: number): number {
  return place % linesMax;
}

/** The position of the file of a {@link placeNumber}. */
export function fileOfPlace(place: number): number {
  return Math.floor(place / linesMax);
}

/** The lines of the rows of a history while it grows: four bytes a row, six where there are several files. */
export class SourceColumn {
  readonly #files: readonly string[];
  #line: Uint32Array = new Uint32Array(256);
  #file: Uint16Array | null;

  /** `files` are needed where there are several. */
  constructor(files: readonly string[] = []) {
    this.#files = files;
    this.#file = files.length > 1 ? new Uint16Array(256) : null;
  }

  /** Row `row`, which follows the last one, stands there. */
  add(row: number, place: number): void {
    if (row === this.#line.length) this.#grow();
    if (this.#file === null) this.#line[row] = place;
    else {
      this.#line[row] = lineOfPlace(place);
      this.#file[row] = fileOfPlace(place);
    }
  }

  /** What is known of the first `length` rows. */
  build(length: number): SourceLines {
    const file = this.#file?.subarray(0, length) ?? null;
    return { line: this.#line.subarray(0, length), file, files: this.#files };
  }

  #grow(): void {
    const line = new Uint32Array(2 * this.#line.length);
    line.set(this.#line);
    this.#line = line;
    if (this.#file === null) return;
    const file = new Uint16Array(line.length);
    file.set(this.#file);
    this.#file = file;
  }
}
