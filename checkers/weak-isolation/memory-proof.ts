import { sessionName } from "../history/describe-operation.ts";
import type { CycleStep } from "./cycle-search.ts";
import type { HappensBefore } from "./happens-before.ts";
import { type IsolationProof, ProofWriter, stepsMax } from "./isolation-proof.ts";
import type { MemoryContradiction } from "./memory-explanation.ts";
import { orderedPath } from "./ordered-path.ts";
import { named, transactionRow } from "./transaction-words.ts";
import type { VisibleHistory } from "./visible-history.ts";

/**
 * Words why no order explains the reads of a session: first the demands that others rest on, each with its
 * reason, then the contradiction.
 */
export function memoryProof(
  history: VisibleHistory,
  before: HappensBefore,
  contradiction: MemoryContradiction,
): IsolationProof {
  return new MemoryProofWriter(history, before, contradiction).write();
}

class MemoryProofWriter {
  readonly #history: VisibleHistory;
  readonly #before: HappensBefore;
  readonly #contradiction: MemoryContradiction;
  readonly #words: ProofWriter;
  readonly #paths = new Map<number, readonly CycleStep[]>();
  readonly #worded = new Set<number>();

  constructor(history: VisibleHistory, before: HappensBefore, contradiction: MemoryContradiction) {
    this.#history = history;
    this.#before = before;
    this.#contradiction = contradiction;
    this.#words = new ProofWriter(history, before);
  }

  write(): IsolationProof {
    const { found } = this.#contradiction;
    const lines: string[] = [];
    if (found.type === "cycle") {
      const joined = this.#words.inSessions(found.cycle);
      lines.push(...this.#support(joined));
      for (const step of joined.slice(0, stepsMax)) lines.push(this.#step(step));
      if (joined.length > stepsMax) lines.push(`and so on, in ${joined.length - stepsMax} more steps`);
      lines.push("so each would have to come before itself");
      return this.#proof(lines);
    }
    const { seen, read, known } = found;
    const path = this.#pathTo(seen, read, known);
    lines.push(...this.#support(path));
    const what = `${this.#words.read(read)}, which was there before any write, although `;
    // In this order: a transaction is introduced where it is first named.
    const reason = path.map((step) => this.#step(step)).join(", ");
    lines.push(`${what}${reason}, and ${this.#words.name(seen)} wrote ${this.#words.key(read)}`);
    return this.#proof(lines);
  }

  #proof(lines: readonly string[]): IsolationProof {
    const { chains, transactions } = this.#history;
    const first = chains.order[chains.starts[this.#contradiction.chain]!]!;
    const session = sessionName(transactions.history, transactionRow(transactions, first));
    return this.#words.proof(`no order explains what ${session} read: ${lines.join("; ")}`);
  }

  /** The demands that those steps rest on, though they are not among them, in the order in which they follow. */
  #support(steps: readonly CycleStep[]): string[] {
    const own = new Set(steps.map((step) => step.inferred));
    const needed = new Set<number>();
    const open = [...own];
    if (this.#contradiction.found.type === "initial") for (const edge of own) needed.add(edge);
    for (let edge = open.pop(); edge !== undefined; edge = open.pop()) {
      if (edge < 0) continue;
      for (const { inferred } of this.#reasonOf(edge)) {
        if (needed.has(inferred)) continue;
        needed.add(inferred);
        open.push(inferred);
      }
    }
    needed.delete(-1);
    const sorted = [...needed].sort((a, b) => a - b);
    const left = sorted.length - stepsMax;
    const rest = left > 0 ? [`and so on, in ${left} more steps`] : [];
    return [...sorted.slice(0, stepsMax).map((edge) => this.#demand(edge)), ...rest];
  }

  /** Why the writer of a demand comes before the reader. */
  #reasonOf(edge: number): readonly CycleStep[] {
    const { edges, known } = this.#contradiction;
    const path = this.#paths.get(edge) ?? this.#pathTo(edges.before[edge]!, edges.read[edge]!, known[edge]!);
    this.#paths.set(edge, path);
    return path;
  }

  #pathTo(from: number, read: number, known: number): readonly CycleStep[] {
    const { transactions, reads } = this.#history;
    const reader = transactions.owner[reads.at[read]!]!;
    const path = orderedPath(this.#before, this.#contradiction.edges, known, from, reader);
    return this.#words.inSessions(path);
  }

  #step(step: CycleStep): string {
    if (step.inferred < 0) return this.#words.happened(step.from, step.to);
    if (!this.#worded.has(step.inferred)) return this.#demand(step.inferred);
    return `${this.#words.name(step.from)} comes before ${this.#words.name(step.to)}`;
  }

  #demand(edge: number): string {
    const { edges } = this.#contradiction;
    const { transactions } = this.#history;
    const read = edges.read[edge]!;
    const seen = edges.before[edge]!;
    const start = `${this.#words.read(read)}${this.#words.source(read)}`;
    const reason = this.#reasonOf(edge).map((step) => this.#step(step));
    this.#worded.add(edge);
    const names = `${named(transactions, seen)} wrote ${this.#words.key(read)} too`;
    const order = `${named(transactions, seen)} comes before ${named(transactions, edges.after[edge]!)}`;
    return `${start}, although ${reason.join(", ")}, and ${names}, so ${order}`;
  }
}
