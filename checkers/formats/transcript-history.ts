import { INVOKE } from "../history/history.ts";
import { HistoryBuilder } from "../history/history-builder.ts";
import { isPair } from "../history/json-value.ts";
import { type Json, type Operation, operationTypes } from "../history/operation.ts";
import type { LineProblem } from "../history/read-error.ts";
import type { ReadHistoryResult } from "../history/reader-types.ts";
import { SourceColumn } from "../history/source-lines.ts";
import { KeyKinds } from "./key-kinds.ts";
import { type KeyedValue, looksKeyed, takenApart } from "./keyed-values.ts";
import { isMicroOperations, normalizedTransaction } from "./micro-operations.ts";
import { type PairedCalls, type PairingFault, pairCalls } from "./pair-calls.ts";
import { lineProblem } from "./problem-list.ts";
import { noteWholeFile, ReadingWarnings } from "./reading-warnings.ts";
import type { Transcript } from "./transcript.ts";
import type { ReadTranscript } from "./transcript-reader.ts";

/**
 * The history of a transcript: pairs calls, takes keyed values apart, counts and orders what the file
 * does not, and warns of each decision that this took. What cannot be decided is an error. Linear.
 */
export function historyOfTranscript(read: ReadTranscript, keyed?: boolean): ReadHistoryResult {
  const { transcript, problems } = read;
  const isPairingKnown = problems.errors.length === 0;
  const warnings = new ReadingWarnings(read);
  const pairs = pairCalls(transcript);
  for (const fault of pairs.faults) {
    warnings.noteFault(fault);
    if (isPairingKnown) refuse(fault, read);
  }
  const isKeyed = keyed ?? looksKeyed(transcript);
  const writer = new HistoryWriter(read, pairs, isKeyed, warnings);
  if (problems.errors.length === 0) writer.write();
  warnings.report();
  noteWholeFile(read, isKeyed, keyed === undefined);
  const [first, ...others] = problems.errors;
  if (first !== undefined) return { ok: false, errors: [first, ...others], warnings: problems.warnings };
  return { ok: true, history: writer.build(), warnings: problems.warnings };
}

/** Puts the rows of a transcript into a history builder, one after the other. */
class HistoryWriter {
  readonly #builder: HistoryBuilder;
  readonly #transcript: Transcript;
  readonly #read: ReadTranscript;
  readonly #pairs: PairedCalls;
  readonly #isKeyed: boolean;
  readonly #warnings: ReadingWarnings;
  readonly #isIndexed: boolean;
  readonly #kinds = new KeyKinds();
  /** Invocations that the file lacks, by the row after which they are taken to have been made. */
  readonly #missing: ReadonlyMap<number, readonly number[]>;

  constructor(read: ReadTranscript, pairs: PairedCalls, isKeyed: boolean, warnings: ReadingWarnings) {
    this.#read = read;
    this.#builder = new HistoryBuilder(hasLines(read.transcript) ? new SourceColumn(read.files) : null);
    this.#transcript = read.transcript;
    this.#pairs = pairs;
    this.#isKeyed = isKeyed;
    this.#warnings = warnings;
    this.#missing = missingInvocations(read.transcript, pairs);
    this.#isIndexed = this.#missing.size === 0 && isRising(read.transcript, warnings);
  }

  write(): void {
    this.#writeMissing(-1);
    for (let row = 0; row < this.#transcript.length; row++) {
      this.#append(row, operationTypes[this.#transcript.type[row]!]!, row);
      this.#writeMissing(row);
      if (this.#read.problems.stopped) return;
    }
  }

  build(): ReturnType<HistoryBuilder["build"]> {
    return this.#builder.build();
  }

  #writeMissing(after: number): void {
    for (const completion of this.#missing.get(after) ?? []) this.#append(completion, "invoke", after);
  }

  /** Appends what row `row` says as an event of that type, at the time of row `at`. */
  #append(row: number, type: Operation["type"], at: number): void {
    const { f, functions, node, nodes, client, final, error, key, keys, line } = this.#transcript;
    const taken = this.#value(row, type);
    if (taken === null) return;
    const open = this.#pairs.mate[row]!;
    const named = f[row]! >= 0 ? f[row]! : open < 0 ? -1 : f[open]!;
    if (named < 0) {
      const hint = "only transactions, and completions of a call, may leave it out";
      const problem = lineProblem("missing-field", "the name of the function", "nothing", hint, "f");
      this.#read.problems.error(line[row]!, problem);
      return;
    }
    const ownKey = key[row]! >= 0 ? keys[key[row]!]! : undefined;
    const operation: { -readonly [Field in keyof Operation]: Operation[Field] } = {
      index: this.#isIndexed ? this.#transcript.index[row]! : this.#builder.nextIndex,
      time: this.#time(at),
      process: this.#processOf(row),
      type,
      f: functions[named]!,
    };
    if (taken.value !== undefined) operation.value = taken.value;
    if (ownKey !== undefined || this.#isKeyed) operation.key = ownKey ?? taken.key;
    if (!Number.isNaN(client[row]!)) operation.client = client[row]!;
    if (node[row]! >= 0) operation.node = nodes[node[row]!]!;
    if (final[row] === 1) operation.final = true;
    const failure = type === "invoke" ? undefined : error.get(row);
    if (failure !== undefined) operation.error = failure;
    const problem = this.#builder.tryAppend(operation, line[row]!);
    if (problem !== null) this.#read.problems.error(line[row]!, problem);
  }

  /** The value as checkers read it; null after a problem. */
  #value(row: number, type: Operation["type"]): KeyedValue | null {
    const { value, f, functions, line } = this.#transcript;
    const name = functions[f[row]!];
    const isAsked = type === "invoke" && this.#transcript.type[row] !== INVOKE;
    const own = isAsked ? askedFor(value[row], name, this.#isKeyed) : value[row];
    if (!this.#isKeyed) return { key: "", value: normalized(own, name) };
    const open = this.#transcript.type[row] === INVOKE ? -1 : this.#pairs.mate[row]!;
    const asked = open < 0 ? null : takenApart(value[open], null, false);
    const taken = takenApart(own, asked?.key ?? null, name === "read" && this.#readsLists(open));
    const problem = taken === null ? noPair() : this.#problemWithKey(taken);
    if (problem !== null) this.#read.problems.error(line[row]!, problem);
    return taken === null || problem !== null ? null : { ...taken, value: normalized(taken.value, name) };
  }

  #problemWithKey({ key, isNumber }: KeyedValue): LineProblem | null {
    return isNumber === undefined ? null : this.#kinds.problemWith(key, isNumber);
  }

  /** Does this file have sets? Then a read shows a list, and a pair may be one of two elements. */
  #readsLists(open: number): boolean {
    return open >= 0 && this.#transcript.functions.includes("add");
  }

  #processOf(row: number): number | string {
    const { process, processes } = this.#transcript;
    const thread = this.#pairs.thread[row]!;
    if (process[row]! < 0) {
      this.#warnings.note("no-process", row);
      const open = this.#pairs.mate[row]!;
      return `unnamed ${open >= 0 && open < row ? open : row}`;
    }
    const name = processes[process[row]!]!;
    return thread === 0 ? name : `${name} (${thread + 1})`;
  }

  #time(row: number): number {
    const last = this.#builder.lastTime;
    const time = row < 0 ? Number.NaN : this.#transcript.time[row]!;
    if (Number.isNaN(time)) return last;
    if (time < last) this.#warnings.note("time-held", row);
    return Math.max(time, last);
  }
}

/** A file with everything on one line has no lines that would help to find an operation. */
function hasLines({ line, length }: Transcript): boolean {
  for (let row = 1; row < length; row++) if (line[row] !== line[0]) return true;
  return length === 1;
}

function noPair(): LineProblem {
  const hint = "leave --keyed out where values are no pairs";
  return lineProblem("wrong-type", "a pair of a key and a value", "another value", hint, "value");
}

function normalized(value: Json | undefined, f: string | undefined): Json | undefined {
  return f === "txn" && isMicroOperations(value) ? normalizedTransaction(value) : value;
}

/** What was asked for, as far as the answer tells, where the invocation is missing. */
function askedFor(answered: Json | undefined, f: string | undefined, isKeyed: boolean): Json | undefined {
  if (isKeyed && isPair(answered)) return [answered[0], askedFor(answered[1], f, false) ?? null];
  if (f === "read" || f === "get") return null;
  if (!isMicroOperations(answered)) return answered;
  return answered.map(([name = null, key = null, value = null]) => [name, key, name === "r" ? null : value]);
}

/** Does every row have an index, above that of the row before? Notes the rows where it has one that is not. */
function isRising({ index, length }: Transcript, warnings: ReadingWarnings): boolean {
  let last = -1;
  let given = 0;
  let isGood = true;
  for (let row = 0; row < length; row++) if (!Number.isNaN(index[row]!)) given++;
  if (given === 0) return false;
  for (let row = 0; row < length; row++) {
    if (index[row]! > last) last = index[row]!;
    else {
      isGood = false;
      warnings.note("counted-anew", row);
    }
  }
  return isGood;
}

/** Each completion without an invocation was called, at the latest certain moment, after what its process did before. */
function missingInvocations(transcript: Transcript, { mate }: PairedCalls): Map<number, number[]> {
  const missing = new Map<number, number[]>();
  const lastRow = new Map<number, number>();
  for (let row = 0; row < transcript.length; row++) {
    const process = transcript.process[row]!;
    if (transcript.type[row] !== INVOKE && mate[row]! < 0) {
      const after = process < 0 ? -1 : (lastRow.get(process) ?? -1);
      const there = missing.get(after);
      if (there === undefined) missing.set(after, [row]);
      else there.push(row);
    }
    lastRow.set(process, row);
  }
  return missing;
}

/** What pairing cannot decide makes the file one that cannot be checked. */
function refuse(fault: PairingFault, { transcript, problems }: ReadTranscript): void {
  const { row, kind } = fault;
  const line = transcript.line[row]!;
  if (kind === "ambiguous-pair") {
    const process = transcript.process[row]!;
    const name = process < 0 ? "of no process" : `of process ${transcript.processes[process]!}`;
    const fitting = fault.candidates === 0 ? "none of its open calls" : `${fault.candidates} open calls`;
    const hint = "give each concurrent caller a process of its own, and each call of unknown outcome an info";
    const problem = lineProblem(kind, "one call that it ends", `${fitting} ${name}`, hint, "process");
    problems.error(line, problem);
  } else if (kind === "function-differs" || kind === "key-differs") {
    const field = kind === "function-differs" ? "f" : "key";
    const names = field === "f" ? transcript.functions : transcript.keys;
    const expected = `${JSON.stringify(names[transcript[field][fault.open]!])} as in its invocation`;
    const found = JSON.stringify(names[transcript[field][row]!]);
    problems.error(line, lineProblem(kind, expected, found, `a completion repeats the ${field}`, field));
  }
}
