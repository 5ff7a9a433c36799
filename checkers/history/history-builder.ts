import { type AppendProblem, differs, misplacedEvent, notIdle, notOpen } from "./append-problem.ts";
import { FAIL, type History, type HistoryHeader, INFO, INVOKE, OK, RECORD } from "./history.ts";
import { InternTable } from "./intern-table.ts";
import type {
  FaultEvent,
  HistoryEvent,
  Json,
  Operation,
  OperationError,
  PhaseEvent,
  RecordEvent,
} from "./operation.ts";
import { emptyColumns, growColumns, type OperationColumns } from "./operation-columns.ts";
import { RecentLists } from "./recent-lists.ts";
import type { SourceColumn } from "./source-lines.ts";

const IDLE = -1;
const ENDED_UNKNOWN = -2;

/**
 * Turns events into a columnar {@link History}: interns names, pairs each completion with its invocation,
 * and refuses what no history can contain. A completion without `client`, `key` or `node` takes those of
 * its invocation; an invocation without `key` takes the key that its completion reports (a created id).
 *
 * Constant time an event; about 60 bytes a row besides the values.
 */
export class HistoryBuilder {
  readonly #columns: OperationColumns = emptyColumns();
  #length = 0;
  #lastIndex = -1;
  #lastTime = 0;
  #built = false;
  readonly #source: SourceColumn | null;
  /** Where the event that is being appended stands. */
  #place = 0;
  readonly #values: (Json | undefined)[] = [];
  readonly #recent = new RecentLists();
  readonly #errors = new Map<number, OperationError>();
  readonly #processes = new InternTable<number | string>();
  /** By process: the row of its open invocation, or why there is none. */
  readonly #open: number[] = [];
  readonly #processSession: number[] = [];
  readonly #clientSession = new Map<number, number>();
  readonly #sessions: string[] = [];
  readonly #clients: (number | null)[] = [];
  readonly #functions = new InternTable<string>();
  readonly #keys = new InternTable<string>();
  readonly #nodes = new InternTable<string>();
  readonly #faults: FaultEvent[] = [];
  readonly #phases: PhaseEvent[] = [];

  /** With a `source` each event must be appended with its place in the file, and its line is kept. */
  constructor(source: SourceColumn | null = null) {
    this.#source = source;
  }

  /** Index that follows the last event: what an event without an index of its own gets. */
  get nextIndex(): number {
    return this.#lastIndex + 1;
  }

  /** Time of the last event in nanoseconds: what an event without a time of its own gets. */
  get lastTime(): number {
    return this.#lastTime;
  }

  /** Was an operation on or a record of `key` appended? */
  hasKey(key: string): boolean {
    return this.#keys.has(key);
  }

  /**
   * Appends one event.
   * @throws TypeError where the event cannot follow the events before it (see {@link AppendProblem}).
   */
  append(event: HistoryEvent): void {
    const problem = this.tryAppend(event);
    if (problem === null) return;
    throw new TypeError(
      `event ${event.index}: ${problem.field}: expected ${problem.expected}, found ${problem.found}`,
    );
  }

  /** Appends one event, or says why it does not fit; then nothing was appended. `place`: a {@link placeNumber}. */
  tryAppend(event: HistoryEvent, place: number = 0): AppendProblem | null {
    if (this.#built) throw new TypeError("the history was built already: use a new builder");
    this.#place = place;
    const misplaced = misplacedEvent(event, this.#lastIndex, this.#lastTime);
    if (misplaced !== null) return misplaced;
    if (event.type === "fault") this.#faults.push(event);
    else if (event.type === "phase") this.#phases.push(event);
    else if (event.type === "record") this.#record(event);
    else {
      const problem = event.type === "invoke" ? this.#invoke(event) : this.#complete(event);
      if (problem !== null) return problem;
    }
    this.#lastIndex = event.index;
    this.#lastTime = event.time;
    return null;
  }

  /** The history of everything that was appended. The builder takes nothing more afterwards. */
  build(header: HistoryHeader | null = null): History {
    this.#built = true;
    const columns = this.#columns;
    const length = this.#length;
    return {
      header,
      length,
      index: columns.index.subarray(0, length),
      time: columns.time.subarray(0, length),
      process: columns.process.subarray(0, length),
      session: columns.session.subarray(0, length),
      type: columns.type.subarray(0, length),
      f: columns.f.subarray(0, length),
      key: columns.key.subarray(0, length),
      node: columns.node.subarray(0, length),
      final: columns.final.subarray(0, length),
      mate: columns.mate.subarray(0, length),
      value: this.#values,
      error: this.#errors,
      processes: this.#processes.values,
      sessions: this.#sessions,
      clients: this.#clients,
      functions: this.#functions.values,
      keys: this.#keys.values,
      nodes: this.#nodes.values,
      faults: this.#faults,
      phases: this.#phases,
      source: this.#source?.build(length) ?? null,
    };
  }

  #invoke(event: Operation): AppendProblem | null {
    const process = this.#processes.intern(event.process);
    const open = this.#open[process] ?? IDLE;
    if (open !== IDLE) return notIdle(event, open === ENDED_UNKNOWN ? -1 : this.#columns.index[open]!);
    const row = this.#addRow();
    const columns = this.#columns;
    columns.process[row] = process;
    columns.session[row] = this.#sessionOf(process, event);
    columns.type[row] = INVOKE;
    columns.f[row] = this.#functions.intern(event.f);
    columns.key[row] = event.key === undefined ? -1 : this.#keys.intern(event.key);
    columns.node[row] = event.node === undefined ? -1 : this.#nodes.intern(event.node);
    columns.mate[row] = -1;
    this.#fill(row, event);
    this.#open[process] = row;
    return null;
  }

  #complete(event: Operation): AppendProblem | null {
    const process = this.#processes.intern(event.process);
    const open = this.#open[process] ?? IDLE;
    if (open < 0) return notOpen(event, open === ENDED_UNKNOWN);
    const differing = this.#differing(open, event);
    if (differing !== null) return differing;
    const row = this.#addRow();
    const columns = this.#columns;
    // Names are compared with the invocation's first: that spares hashing them again.
    if (columns.key[open] === -1 && event.key !== undefined) columns.key[open] = this.#keys.intern(event.key);
    const node = columns.node[open]!;
    columns.process[row] = process;
    columns.session[row] = columns.session[open]!;
    columns.type[row] = event.type === "ok" ? OK : event.type === "fail" ? FAIL : INFO;
    columns.f[row] = columns.f[open]!;
    columns.key[row] = columns.key[open]!;
    columns.node[row] =
      event.node === undefined || (node >= 0 && this.#nodes.values[node] === event.node)
        ? node
        : this.#nodes.intern(event.node);
    columns.mate[row] = open;
    columns.mate[open] = row;
    this.#fill(row, event);
    if (event.final === true) columns.final[open] = 1;
    else columns.final[row] = columns.final[open]!;
    this.#open[process] = event.type === "info" ? ENDED_UNKNOWN : IDLE;
    return null;
  }

  #record(event: RecordEvent): void {
    const row = this.#addRow();
    const columns = this.#columns;
    columns.process[row] = -1;
    columns.session[row] = -1;
    columns.type[row] = RECORD;
    columns.f[row] = this.#functions.intern(event.f);
    columns.key[row] = this.#keys.intern(event.key);
    columns.node[row] = event.node === undefined ? -1 : this.#nodes.intern(event.node);
    columns.mate[row] = -1;
    columns.index[row] = event.index;
    columns.time[row] = event.time;
    columns.final[row] = event.final === true ? 1 : 0;
    this.#values.push(this.#recent.shared(event.value));
  }

  #addRow(): number {
    if (this.#length === this.#columns.capacity) growColumns(this.#columns);
    this.#source?.add(this.#length, this.#place);
    return this.#length++;
  }

  #fill(row: number, event: Operation): void {
    const columns = this.#columns;
    columns.index[row] = event.index;
    columns.time[row] = event.time;
    columns.final[row] = event.final === true ? 1 : 0;
    this.#values.push(this.#recent.shared(event.value));
    if (event.error !== undefined) this.#errors.set(row, event.error);
  }

  #differing(open: number, event: Operation): AppendProblem | null {
    const f = this.#functions.values[this.#columns.f[open]!]!;
    const key = this.#columns.key[open]!;
    if (f !== event.f) return differs("function-differs", "f", f, event.f);
    if (key < 0 || event.key === undefined || this.#keys.values[key] === event.key) return null;
    return differs("key-differs", "key", this.#keys.values[key]!, event.key);
  }

  #sessionOf(process: number, event: Operation): number {
    if (event.client !== undefined) return this.#clientSessionOf(event.client);
    const known = this.#processSession[process];
    if (known !== undefined) return known;
    const session = this.#newSession(processName(event.process), null);
    this.#processSession[process] = session;
    return session;
  }

  #clientSessionOf(client: number): number {
    const known = this.#clientSession.get(client);
    if (known !== undefined) return known;
    const session = this.#newSession(`client ${client}`, client);
    this.#clientSession.set(client, session);
    return session;
  }

  #newSession(name: string, client: number | null): number {
    this.#sessions.push(name);
    this.#clients.push(client);
    return this.#sessions.length - 1;
  }
}

/** Names that look like a number are quoted, so that process 7 and process "7" stay apart. */
function processName(process: number | string): string {
  if (typeof process === "number" || !/^["\d-]/.test(process)) return `process ${process}`;
  return `process ${JSON.stringify(process)}`;
}
