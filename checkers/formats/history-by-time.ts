import { HistoryBuilder } from "../history/history-builder.ts";
import { InternTable } from "../history/intern-table.ts";
import { type HistoryEvent, type Operation, operationTypes } from "../history/operation.ts";
import type { LineProblem, ReadError } from "../history/read-error.ts";
import type { ReadHistoryResult } from "../history/reader-types.ts";
import { placeNumber, SourceColumn } from "../history/source-lines.ts";
import type { HistoryFormat } from "./format-names.ts";
import { orderByTime, type TimeOrder } from "./order-by-time.ts";
import { lineProblem, ProblemList } from "./problem-list.ts";
import type { TimedPart } from "./timed-part.ts";
import { Transcript, type TranscriptEntry } from "./transcript.ts";
import { historyOfTranscript } from "./transcript-history.ts";

/**
 * One history of the lines of one or more files of a format, in the order of their times ({@link orderByTime}); events are counted anew from
 * 0. Where there are several files, processes and clients belong to the file that names them: process 3 of two files is two
 * processes. Errors where a line could not be read, has no time, or does not fit: our own format is as strict as ever. The order is as good as
 * the clocks are. n log n; while it works, each line takes about 140 bytes besides its values.
 */
export function historyByTime(
  parts: readonly TimedPart[],
  format: HistoryFormat,
  keyed?: boolean,
): ReadHistoryResult {
  const files = parts.map(({ file }) => file);
  const problems = new ProblemList({ files });
  const warnings = parts.flatMap(({ read }) => read.problems.warnings);
  const unreadable = parts.flatMap(({ read }) => read.problems.errors);
  if (unreadable.length > 0) return refused(unreadable, warnings);
  const ordered = orderByTime(parts);
  for (const { place, count } of ordered.missing) problems.error(place, noTime(count));
  if (problems.errors.length > 0) return refused(problems.errors, warnings);
  const entries = new OrderedEntries(parts, ordered);
  if (format === "ndjson") return strictHistory(entries, ordered, problems, files, warnings);
  const transcript = new Transcript();
  for (const entry of ordered.order) transcript.add(entries.operation(entry));
  const leftOut = parts.reduce((sum, { read }) => sum + read.leftOut, 0);
  const result = historyOfTranscript({ transcript, problems, hasRealTime: true, leftOut, files }, keyed);
  return { ...result, warnings: [...warnings, ...result.warnings] };
}

function refused(errors: readonly ReadError[], warnings: readonly ReadError[]): ReadHistoryResult {
  const [first, ...others] = errors;
  if (first === undefined) throw new Error("a history is refused without an error");
  return { ok: false, errors: [first, ...others], warnings };
}

function noTime(count: number): LineProblem {
  const found = count === 1 ? "a line without one" : `${count} lines without one, this is the first`;
  const hint = "lines can be put in order only where all of them have the time at which they happened";
  return lineProblem("missing-field", "a time in nanoseconds on every line", found, hint, "time");
}

function strictHistory(
  entries: OrderedEntries,
  { order }: TimeOrder,
  problems: ProblemList,
  files: readonly string[],
  warnings: readonly ReadError[],
): ReadHistoryResult {
  const builder = new HistoryBuilder(new SourceColumn(files));
  for (const entry of order) {
    const place = entries.place(entry);
    const problem = builder.tryAppend(entries.event(entry, builder.nextIndex), place);
    if (problem !== null) problems.error(place, problem);
    // A line that does not fit makes those after it look wrong as well.
    if (problem !== null) return refused(problems.errors, warnings);
  }
  return { ok: true, history: builder.build(), warnings };
}

/** The lines of all parts by their entry in a time order. */
class OrderedEntries {
  readonly #parts: readonly TimedPart[];
  readonly #ordered: TimeOrder;
  readonly #clients = new InternTable<string>();

  constructor(parts: readonly TimedPart[], ordered: TimeOrder) {
    this.#parts = parts;
    this.#ordered = ordered;
  }

  place(entry: number): number {
    const which = this.#ordered.part[entry]!;
    const row = this.#ordered.row[entry]!;
    const { read, others } = this.#parts[which]!;
    return placeNumber(which, row < 0 ? others[-1 - row]!.line : read.transcript.line[row]!);
  }

  /** An entry that is an operation, as a line of a transcript of all files. */
  operation(entry: number): TranscriptEntry {
    const which = this.#ordered.part[entry]!;
    const row = this.#ordered.row[entry]!;
    const { transcript } = this.#parts[which]!.read;
    const { f, key, node, client, process } = transcript;
    return {
      line: placeNumber(which, transcript.line[row]!),
      type: operationTypes[transcript.type[row]!]!,
      process: process[row]! < 0 ? undefined : this.#process(which, transcript.processes[process[row]!]!),
      client: Number.isNaN(client[row]!) ? undefined : this.#client(which, client[row]!),
      f: f[row]! < 0 ? undefined : transcript.functions[f[row]!],
      key: key[row]! < 0 ? undefined : transcript.keys[key[row]!],
      node: node[row]! < 0 ? undefined : transcript.nodes[node[row]!],
      value: transcript.value[row],
      error: transcript.error.get(row),
      time: transcript.time[row]!,
      final: transcript.final[row] === 1,
    };
  }

  /** An entry as an event of our own format. */
  event(entry: number, index: number): HistoryEvent {
    const row = this.#ordered.row[entry]!;
    if (row < 0) return { ...this.#parts[this.#ordered.part[entry]!]!.others[-1 - row]!.event, index };
    const { line: _line, ...fields } = this.operation(entry);
    return { ...fields, index } as Operation;
  }

  #process(which: number, process: number | string): number | string {
    if (this.#parts.length === 1) return process;
    const name = typeof process === "string" && /^["\d-]/.test(process) ? JSON.stringify(process) : process;
    return `${this.#parts[which]!.file}/${name}`;
  }

  #client(which: number, client: number): number {
    return this.#parts.length === 1 ? client : this.#clients.intern(`${which}/${client}`);
  }
}
