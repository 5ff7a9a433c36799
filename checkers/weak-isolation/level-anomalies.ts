import type { AnomalyList } from "../anomaly-list.ts";
import { commitGraph } from "./commit-graph.ts";
import { type FoundCycle, shortCycles } from "./cycle-search.ts";
import type { HappensBefore } from "./happens-before.ts";
import { InferredEdges } from "./inferred-edges.ts";
import type { WeakLevel } from "./isolation-level.ts";
import { type IsolationProof, ProofWriter } from "./isolation-proof.ts";
import { explainMemory, isOfOneReader, type MemoryContradiction } from "./memory-explanation.ts";
import { memoryProof } from "./memory-proof.ts";
import { addSessionDemands } from "./session-demands.ts";
import { SessionSlots } from "./session-slots.ts";
import { transactionRow } from "./transaction-words.ts";
import type { VisibleHistory } from "./visible-history.ts";
import { readFrom } from "./visible-path.ts";

/** Turns contradictions in the order of commits into anomalies with a witness and a proof. */
export class LevelAnomalies {
  readonly #history: VisibleHistory;
  readonly #before: HappensBefore;
  readonly #anomalies: AnomalyList;
  readonly #componentsMax: number;

  /** Adds to `anomalies`; `maxPerType` of a type will be reported. */
  constructor(history: VisibleHistory, before: HappensBefore, anomalies: AnomalyList, maxPerType: number) {
    this.#history = history;
    this.#before = before;
    this.#anomalies = anomalies;
    this.#componentsMax = 4 * maxPerType;
  }

  /** Session order and reads-from contradict each other: no level allows that. Answers how many are not added. */
  addCausalityCycles(): number {
    const edges = new InferredEdges(0);
    return this.#addCycles(edges, () => "causality-cycle");
  }

  /** The anomalies that edges of a level show. Answers how many were counted without being added. */
  addLevel(level: WeakLevel, edges: InferredEdges): number {
    const { transactions, reads } = this.#history;
    for (const read of edges.repeats) {
      const reader = transactions.owner[reads.at[read]!]!;
      let first = reads.starts[reader]!;
      while (reads.key[first] !== reads.key[read]) first++;
      this.#add("non-repeatable-read", this.#writer().notRepeatable(first, read));
    }
    for (const { seen, read } of edges.ofInitial) {
      this.#add(this.#typeOf(level, seen, read), this.#writer().ofInitial(seen, read));
    }
    const kindOf = (edge: number): string => this.#typeOf(level, edges.before[edge]!, edges.read[edge]!);
    const cycles = this.#addCycles(edges, kindOf);
    return cycles + edges.repeatCount - edges.repeats.length + edges.initialCount - edges.ofInitial.length;
  }

  /**
   * Transactions whose reads no order of what happened before them explains, each by its own demands.
   * Answers how many were counted without being added.
   */
  addReaders(readers: readonly number[]): number {
    const { reads, chains } = this.#history;
    const shown = readers.slice(0, this.#componentsMax);
    const slots = new SessionSlots(this.#history, this.#before);
    let omitted = readers.length - shown.length;
    for (const reader of shown) {
      const edges = new InferredEdges(1);
      for (let read = reads.starts[reader]!; read < reads.starts[reader + 1]!; read++) {
        if (reads.isRepeat[read] === 1) edges.addRepeat(read);
      }
      if (slots.chain !== chains.chain[reader]) slots.begin(chains.chain[reader]!);
      addSessionDemands(this.#history, slots, reader, edges);
      omitted += this.addLevel("causal", edges);
    }
    return omitted;
  }

  /** Reads that are not repeatable. Answers how many were counted without being added. */
  addRepeats(): number {
    const edges = new InferredEdges(4 * this.#componentsMax);
    const { isRepeat, count } = this.#history.reads;
    for (let read = 0; read < count; read++) if (isRepeat[read] === 1) edges.addRepeat(read);
    return this.addLevel("causal", edges);
  }

  /** Chains whose reads no order explains. Answers how many were counted without being added. */
  addSessions(broken: readonly number[]): number {
    const shown = broken.slice(0, this.#componentsMax);
    const slots = new SessionSlots(this.#history, this.#before);
    for (const chain of shown) {
      const contradiction = explainMemory(this.#history, this.#before, slots, chain);
      this.#add(
        this.#typeOfContradiction(contradiction),
        memoryProof(this.#history, this.#before, contradiction),
      );
    }
    return broken.length - shown.length;
  }

  /** What one transaction's reads show by themselves is called what it is called where only they are asked about. */
  #typeOfContradiction(contradiction: MemoryContradiction): string {
    const { found, edges } = contradiction;
    const isOne = isOfOneReader(this.#history, contradiction);
    if (found.type === "initial") {
      return isOne ? this.#typeOf("causal", found.seen, found.read) : "memory-initial-read";
    }
    const edge = found.cycle.find((step) => step.inferred >= 0)?.inferred;
    if (edge === undefined || !isOne) return "memory-order-cycle";
    return this.#typeOf("causal", edges.before[edge]!, edges.read[edge]!);
  }

  #addCycles(edges: InferredEdges, kindOf: (edge: number) => string): number {
    const graph = commitGraph(this.#before, edges);
    const { cycles, omitted } = shortCycles(graph, kindOf, this.#componentsMax);
    for (const cycle of cycles) {
      this.#add(this.#typeOfCycle(cycle, edges, kindOf), this.#writer().cycle(cycle, edges));
    }
    return omitted;
  }

  /** Demands of one and the same reader are what a single one is called; of several readers: they disagree. */
  #typeOfCycle(cycle: FoundCycle, edges: InferredEdges, kindOf: (edge: number) => string): string {
    const { transactions, reads } = this.#history;
    const inferred = cycle.map((step) => step.inferred).filter((edge) => edge >= 0);
    const [first] = inferred;
    if (first === undefined) return "causality-cycle";
    const readers = new Set(inferred.map((edge) => transactions.owner[reads.at[edges.read[edge]!]!]!));
    return readers.size === 1 ? kindOf(first) : "commit-order-cycle";
  }

  /** What it is called when a transaction reads something older than what `seen` wrote. */
  #typeOf(level: WeakLevel, seen: number, read: number): string {
    if (level === "read-committed") return "non-monotonic-read";
    const { transactions, reads, chains } = this.#history;
    const reader = transactions.owner[reads.at[read]!]!;
    if (readFrom(this.#history, reader, seen) >= 0) return "fractured-read";
    return chains.chain[seen] === chains.chain[reader] ? "stale-session-read" : "causality-violation";
  }

  #writer(): ProofWriter {
    return new ProofWriter(this.#history, this.#before);
  }

  #add(type: string, { transactions, text }: IsolationProof): void {
    const rows = transactions.map((t) => transactionRow(this.#history.transactions, t));
    const [first, ...others] = rows;
    if (first === undefined) throw new TypeError(`${type}: a proof that names no transaction`);
    this.#anomalies.add({ type, key: -1, rows: [first, ...others], proof: () => text });
  }
}
