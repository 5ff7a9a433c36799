import type { HistoryEvent, Json, RecordEvent } from "../../checkers/history/operation.ts";

interface Effect {
  readonly step: string;
  readonly kind: string;
  readonly at: number | undefined;
  readonly amount: number | undefined;
}

/** What the oracle must be told; see `sagaAtomicity`. */
export interface SagaOracleOptions {
  readonly steps?: readonly string[];
  readonly order: "reverse" | "none";
  readonly inspected: readonly string[];
}

/** Is there a completed saga of which nothing tells what it needs? Then nothing is valid. */
export function isNeedUnknown(events: readonly HistoryEvent[], options: SagaOracleOptions): boolean {
  if (options.steps !== undefined) return false;
  const records = events.filter((event) => event.type === "record");
  const complete = (f: string): boolean =>
    options.inspected.includes(f) || records.some((record) => record.f === f && record.final === true);
  const truth = records.filter(({ f, final }) => !complete(f) || final === true);
  const hasList = (key: string): boolean =>
    records.some(
      ({ f, key: saga, value }) => f === "saga" && saga === key && Array.isArray(field(value, "steps")),
    );
  const ended = truth.flatMap(({ f, key, value }) =>
    f === "saga" && field(value, "state") === "completed" && !hasList(String(key)) ? [key] : [],
  );
  const hasDone = truth.some(
    ({ f, key, value }) => f === "effect" && ended.includes(key) && field(value, "kind") === "do",
  );
  return ended.length > 0 && !hasDone;
}

/**
 * Brute force from the table in `docs/history-format.md`, one condition after the other over all pairs of
 * records: the anomalies as `key type`, sorted and without repetition.
 */
export function sagaAnomalies(events: readonly HistoryEvent[], options: SagaOracleOptions): string[] {
  const records = events.filter((event) => event.type === "record");
  const complete = (f: string): boolean =>
    options.inspected.includes(f) || records.some((record) => record.f === f && record.final === true);
  const truth = (f: string, key?: string): RecordEvent[] =>
    records.filter(
      (record) =>
        record.f === f && (key ?? record.key) === record.key && (!complete(f) || record.final === true),
    );
  const keys = new Set(
    records.filter(({ f }) => ["saga", "effect", "attempted", "seen"].includes(f)).map(({ key }) => key),
  );
  const stateOf = (key: string): Set<Json> =>
    new Set(truth("saga", key).map(({ value }) => field(value, "state")));
  const effectsOf = (key: string): Effect[] => truth("effect", key).map(({ value }) => value as never);
  const listOf = (key: string): readonly string[] | undefined => {
    const listing = records.filter(
      (record) => record.f === "saga" && record.key === key && Array.isArray(field(record.value, "steps")),
    );
    const last = listing.findLast(({ final }) => final === true) ?? listing.at(-1);
    return last === undefined ? undefined : (field(last.value, "steps") as string[]);
  };
  const found = new Set<string>();
  for (const key of keys) {
    const say = (type: string, isSo: boolean): void => {
      if (isSo) found.add(`${key} ${type}`);
    };
    const states = stateOf(key);
    const [isCompleted, isAborted] = [states.has("completed"), states.has("aborted")];
    const [onlyCompleted, onlyAborted] = [isCompleted && !isAborted, isAborted && !isCompleted];
    const effects = effectsOf(key);
    const steps = [...new Set(effects.map(({ step }) => step))];
    const of = (step: string, kind: string): Effect[] =>
      effects.filter((effect) => effect.step === step && effect.kind === kind);
    say("contradictory-end", isCompleted && isAborted);
    say("stuck-saga", !isCompleted && !isAborted && complete("saga"));
    for (const step of steps) {
      const [dos, undos] = [of(step, "do"), of(step, "undo")];
      const isAttempted = records.some(
        ({ f, key: saga, value }) =>
          f === "attempted" && saga === key && field(value, "step") === step && field(value, "kind") === "do",
      );
      const isTold = records.some(({ f }) => f === "attempted");
      const hasMoved = undos.some(({ amount }) => amount !== undefined && amount !== 0);
      say("double-effect", dos.length > 1);
      say("double-compensation", undos.length > 1);
      say(
        "late-effect",
        dos.some((done) => undos.some((undone) => isBefore(undone, done))),
      );
      say("undone-in-completed-saga", onlyCompleted && undos.length > 0);
      say("lost-compensation", onlyAborted && complete("effect") && dos.length > 0 && undos.length === 0);
      say(
        "empty-compensation",
        complete("effect") && dos.length === 0 && undos.length > 0 && (hasMoved || (isTold && !isAttempted)),
      );
      say(
        "amount-mismatch",
        dos.some((done) =>
          undos.some(
            (undone) =>
              done.amount !== undefined && undone.amount !== undefined && done.amount !== undone.amount,
          ),
        ),
      );
    }
    const once = steps.filter((step) => of(step, "do").length === 1 && of(step, "undo").length === 1);
    say(
      "out-of-order-compensation",
      options.order === "reverse" &&
        !isCompleted &&
        once.some((a) =>
          once.some(
            (b) =>
              isBefore(of(a, "do")[0]!, of(b, "do")[0]!) && isBefore(of(a, "undo")[0]!, of(b, "undo")[0]!),
          ),
        ),
    );
    say(
      "dirty-read",
      onlyAborted &&
        records.some(({ f, key: saga, value }) => {
          if (f !== "seen" || saga !== key || field(value, "pending") === true) return false;
          const [step, at] = [String(field(value, "step")), field(value, "at")];
          if (typeof at !== "number") return false;
          const isThen = (from: number | undefined): boolean => from !== undefined && from <= at;
          return (
            of(step, "undo").some((undone) => undone.at !== undefined && undone.at > at) &&
            of(step, "do").some(
              (done) =>
                isThen(done.at) &&
                !of(step, "undo").some((undone) => isThen(undone.at) && undone.at! >= done.at!),
            )
          );
        }),
    );
    const priced = effects.filter(
      ({ step }) => !effects.some((other) => other.step === step && other.amount === undefined),
    );
    const total = priced.reduce((sum, { kind, amount }) => sum + (kind === "do" ? amount! : -amount!), 0);
    say("amounts-not-conserved", onlyAborted && complete("effect") && total !== 0);
    const inferred = [...keys]
      .filter((other) => stateOf(other).has("completed") && listOf(other) === undefined)
      .flatMap((other) => effectsOf(other).filter(({ kind }) => kind === "do"))
      .map(({ step }) => step);
    const needed = options.steps ?? listOf(key) ?? inferred;
    say(
      "missing-effect",
      onlyCompleted && complete("effect") && needed.some((step) => of(step, "do").length === 0),
    );
  }
  return [...found].sort();
}

function isBefore(a: Effect, b: Effect): boolean {
  return a.at !== undefined && b.at !== undefined && a.at < b.at;
}

function field(value: Json | undefined, name: string): Json {
  return (value as Record<string, Json> | undefined)?.[name] ?? null;
}
