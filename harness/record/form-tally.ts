import { countFlaws } from "./flaw-counts.ts";
import { tallyMeasures } from "./measure-tally.ts";
import type { FormTask } from "./run-manifest.ts";
import type { HarnessFailure, RunRecord } from "./run-record.ts";
import type { AnomalyCount, FlawCount, FormSummary, Judgement } from "./suite-record.ts";

/** The most reasons for `unknown` that a summary lists. */
const REASONS_MAX = 10;

/** The smallest story found of a form, as far as a summary tells of it. */
export interface StoryMark {
  readonly token: string | null;
  readonly operations: number;
  readonly faults: number;
  /** Folder inside the run folder. */
  readonly folder: string;
}

/** Adds up the runs of one form. The order in which they are added does not matter. */
export class FormTally {
  readonly task: FormTask;
  readonly #firstSeed: number;
  readonly #records = new Map<number, RunRecord>();
  #wallMs = 0;

  constructor(task: FormTask, firstSeed: number) {
    this.task = task;
    this.#firstSeed = firstSeed;
  }

  /** Runs added. */
  get finished(): number {
    return this.#records.size;
  }

  /** Did runs show what the form declares: an anomaly, or each of the flaws that it lists? */
  get caught(): boolean {
    return this.#isCaught(this.#sorted());
  }

  /** Adds one run. A seed that comes twice counts once. */
  add(record: RunRecord): void {
    this.#records.set(record.seed, record);
  }

  /** Adds time that was spent on this form, in real milliseconds. */
  spent(ms: number): void {
    this.#wallMs += ms;
  }

  /**
   * The run to look at where there is no story: one in which the harness failed, else, of a form in which nothing
   * may be found, one that cannot tell, else the one with the lowest seed. Null: none has finished.
   */
  telling(): RunRecord | null {
    const records = this.#sorted();
    const failed = records.find(({ failure }) => failure !== null);
    const mayShow = this.task.expects.length > 0;
    const open = mayShow ? undefined : records.find(({ verdict }) => verdict === "unknown");
    return failed ?? open ?? records[0] ?? null;
  }

  /** Seeds of runs with an anomaly, lowest first; where anomalies are declared, only those that show one. */
  failingSeeds(): number[] {
    const failing = this.#sorted().filter(({ verdict }) => verdict === "invalid");
    const declared = failing.filter((record) => showsOneOf(record, this.task.expects));
    return (declared.length > 0 ? declared : failing).map(({ seed }) => seed);
  }

  /** The summary so far. `token` is used where there is no story; `tokenOf` gives the token of a run, or null. */
  summary(
    story: StoryMark | null,
    token: string | null,
    tokenOf: (record: RunRecord) => string | null = () => null,
  ): FormSummary {
    const records = this.#sorted();
    const count = (verdict: RunRecord["verdict"]) => records.filter((r) => r.verdict === verdict).length;
    const failure = records.find((record) => record.failure !== null)?.failure ?? null;
    return {
      scenario: this.task.scenario,
      form: this.task.form,
      expects: this.task.expects,
      judgement: this.#judge(records, failure),
      seeds: records.length,
      valid: count("valid"),
      invalid: count("invalid"),
      unknown: count("unknown"),
      operations: records.reduce((sum, record) => sum + record.operations, 0),
      wallMs: Math.round(this.#wallMs),
      seedsToFirstAnomaly: this.#seedsToFirstAnomaly(records),
      token: story?.token ?? token,
      smallest: story === null ? null : { operations: story.operations, faults: story.faults },
      anomalies: countAnomalies(records),
      ...(this.task.flaws === undefined ? {} : { flaws: this.#flaws(records) }),
      ...tallyMeasures(records, tokenOf),
      ...reasonsOf(records),
      failure,
      story: story?.folder ?? null,
    };
  }

  /** The first run with an anomaly; in the real lane the first in the order in which they were run. */
  #seedsToFirstAnomaly(sorted: readonly RunRecord[]): number | null {
    const runs = sorted.filter(({ verdict }) => verdict === "invalid").map((record) => this.#runOf(record));
    return runs.length === 0 ? null : Math.min(...runs);
  }

  /** Simulated seeds follow each other; those of the real lane are chosen, and run one after the other. */
  #runOf(record: RunRecord): number {
    if (record.lane === "sim") return record.seed - this.#firstSeed + 1;
    return [...this.#records.values()].indexOf(record) + 1;
  }

  #flaws(records: readonly RunRecord[]): FlawCount[] {
    return countFlaws(this.task.flaws ?? [], records, (record) => this.#runOf(record));
  }

  /** In the real lane, where runs are few, one flaw is enough. */
  #isCaught(records: readonly RunRecord[]): boolean {
    const { flaws, expects } = this.task;
    if (flaws === undefined) return records.some((record) => showsOneOf(record, expects));
    const found = this.#flaws(records).filter(({ runs }) => runs > 0).length;
    return records.some(({ lane }) => lane === "real") ? found > 0 : found === flaws.length;
  }

  #judge(records: readonly RunRecord[], failure: HarnessFailure | null): Judgement {
    const { expects, runs } = this.task;
    const invalid = records.some(({ verdict }) => verdict === "invalid");
    if (expects.length === 0) {
      if (invalid) return "anomaly";
      if (failure !== null) return "failed";
      const enough = records.length >= runs && records.length > 0;
      return enough && records.every(({ verdict }) => verdict === "valid") ? "as-expected" : "unknown";
    }
    if (this.#isCaught(records)) return failure === null ? "as-expected" : "failed";
    if (failure !== null) return "failed";
    return records.length >= runs ? "got-away" : "unknown";
  }

  #sorted(): RunRecord[] {
    return [...this.#records.values()].sort((a, b) => a.seed - b.seed);
  }
}

/** Does a run show one of these anomalies, each given as `checker/type`? */
export function showsOneOf(record: RunRecord, expects: readonly string[]): boolean {
  return record.checkers.some(({ checker, anomalies }) =>
    anomalies.some(({ type }) => expects.includes(`${checker}/${type}`)),
  );
}

function countAnomalies(records: readonly RunRecord[]): AnomalyCount[] {
  const counts = new Map<string, { checker: string; type: string; count: number }>();
  for (const { checkers } of records) {
    for (const { checker, anomalies } of checkers) {
      for (const type of new Set(anomalies.map((anomaly) => anomaly.type))) {
        const name = `${checker}/${type}`;
        const entry = counts.get(name) ?? { checker, type, count: 0 };
        entry.count++;
        counts.set(name, entry);
      }
    }
  }
  return [...counts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

/** Of reasons in equally many runs the one that came first stands first. */
function reasonsOf(records: readonly RunRecord[]): Pick<FormSummary, "reasons" | "reasonCounts"> {
  const runs = new Map<string, number>();
  for (const { verdict, checkers } of records) {
    if (verdict !== "unknown") continue;
    for (const { checker, reason } of checkers) {
      if (reason === null) continue;
      const text = `${checker}: ${reason}`;
      runs.set(text, (runs.get(text) ?? 0) + 1);
    }
  }
  const sorted = [...runs].sort(([, a], [, b]) => b - a).slice(0, REASONS_MAX);
  return {
    reasons: sorted.map(([reason]) => reason),
    reasonCounts: sorted.map(([reason, count]) => ({ reason, runs: count })),
  };
}
