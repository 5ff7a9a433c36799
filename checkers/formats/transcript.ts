import { FAIL, INFO, INVOKE, OK } from "../history/history.ts";
import { InternTable } from "../history/intern-table.ts";
import type { Json, OperationError, OperationType } from "../history/operation.ts";
import { RecentLists } from "../history/recent-lists.ts";

/** One line of a foreign file, understood but not yet fitted together with the others. */
export interface TranscriptEntry {
  /** Line of the file, counted from 1. */
  readonly line: number;
  readonly type: OperationType;
  readonly process?: number | string | undefined;
  readonly client?: number | undefined;
  readonly f?: string | undefined;
  readonly key?: string | undefined;
  readonly value?: Json | undefined;
  readonly error?: OperationError | undefined;
  readonly node?: string | undefined;
  readonly index?: number | undefined;
  readonly time?: number | undefined;
  readonly final?: boolean | undefined;
}

const initialCapacity = 256;

/**
 * The operations of a file as they stand there, in columns, before anything is said about whether they
 * make a history: completions may lack their invocation, numbers may fall. What is absent is −1 in a
 * column of names and `NaN` in a column of numbers. Readers fill it, `historyOfTranscript` makes a history
 * of it, and the linter judges it. Constant time an entry; about 60 bytes a row besides the values.
 */
export class Transcript {
  length = 0;
  line: Float64Array = new Float64Array(initialCapacity);
  index: Float64Array = new Float64Array(initialCapacity);
  time: Float64Array = new Float64Array(initialCapacity);
  client: Float64Array = new Float64Array(initialCapacity);
  type: Uint8Array = new Uint8Array(initialCapacity);
  final: Uint8Array = new Uint8Array(initialCapacity);
  /** Positions in `processes`. */
  process: Int32Array = new Int32Array(initialCapacity);
  /** Positions in `functions`. */
  f: Int32Array = new Int32Array(initialCapacity);
  /** Positions in `keys`. */
  key: Int32Array = new Int32Array(initialCapacity);
  /** Positions in `nodes`. */
  node: Int32Array = new Int32Array(initialCapacity);
  readonly value: (Json | undefined)[] = [];
  readonly error: Map<number, OperationError> = new Map();
  readonly #recent = new RecentLists();
  readonly #processes = new InternTable<number | string>();
  readonly #functions = new InternTable<string>();
  readonly #keys = new InternTable<string>();
  readonly #nodes = new InternTable<string>();

  /** Every process that is named. */
  get processes(): readonly (number | string)[] {
    return this.#processes.values;
  }

  /** Every function that is named. */
  get functions(): readonly string[] {
    return this.#functions.values;
  }

  /** Every key that is named. */
  get keys(): readonly string[] {
    return this.#keys.values;
  }

  /** Every node that is named. */
  get nodes(): readonly string[] {
    return this.#nodes.values;
  }

  /** Appends one line. */
  add(entry: TranscriptEntry): void {
    if (this.length === this.line.length) this.#grow();
    const row = this.length++;
    this.line[row] = entry.line;
    this.index[row] = entry.index ?? Number.NaN;
    this.time[row] = entry.time ?? Number.NaN;
    this.client[row] = entry.client ?? Number.NaN;
    this.type[row] = typeNumber(entry.type);
    this.final[row] = entry.final === true ? 1 : 0;
    this.process[row] = entry.process === undefined ? -1 : this.#processes.intern(entry.process);
    this.f[row] = entry.f === undefined ? -1 : this.#functions.intern(entry.f);
    this.key[row] = entry.key === undefined ? -1 : this.#keys.intern(entry.key);
    this.node[row] = entry.node === undefined ? -1 : this.#nodes.intern(entry.node);
    this.value.push(this.#recent.shared(entry.value));
    if (entry.error !== undefined) this.error.set(row, entry.error);
  }

  #grow(): void {
    const capacity = this.length * 2;
    this.line = copied(this.line, new Float64Array(capacity));
    this.index = copied(this.index, new Float64Array(capacity));
    this.time = copied(this.time, new Float64Array(capacity));
    this.client = copied(this.client, new Float64Array(capacity));
    this.type = copied(this.type, new Uint8Array(capacity));
    this.final = copied(this.final, new Uint8Array(capacity));
    this.process = copied(this.process, new Int32Array(capacity));
    this.f = copied(this.f, new Int32Array(capacity));
    this.key = copied(this.key, new Int32Array(capacity));
    this.node = copied(this.node, new Int32Array(capacity));
  }
}

function copied<Column extends Float64Array | Int32Array | Uint8Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}

function typeNumber(type: OperationType): number {
  if (type === "invoke") return INVOKE;
  if (type === "ok") return OK;
  return type === "fail" ? FAIL : INFO;
}
