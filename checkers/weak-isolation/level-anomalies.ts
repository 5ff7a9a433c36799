import type { AnomalyList } from "../anomaly-list.ts";
import { commitGraph } from "./commit-graph.ts";
import { type FoundCycle, shortCycles } from "./cycle-search.ts";
import type { HappensBefore } from "./happens-before.ts";
import { InferredEdges } from "./inferred-edges.ts";
import type { WeakLevel } from "./isolation-level.ts";
import { type IsolationProof, ProofWriter } from "./isolation-proof.ts";
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
