import { AnomalyList } from "../anomaly-list.ts";
import type { Checker, CheckResult } from "../checker.ts";
import { keyName, operationName, sessionName, valueText } from "../history/describe-operation.ts";
import { clippedText } from "../history/excerpt.ts";
import { type FunctionNames, functionRoles } from "../history/function-roles.ts";
import { type History, INVOKE, OK, RECORD } from "../history/history.ts";
import { resultOf } from "../result.ts";
import { type BudgetWatch, withinBudget } from "../within-budget.ts";

/** What {@link definiteAnswers} can be told. */
export interface DefiniteAnswersOptions {
  /** `badRequest`: the functions whose calls must be refused, `bad-request` unless given. */
  readonly functions?: { readonly badRequest?: FunctionNames };
  /** Error codes of a call that the service broke down over; `internal` and `http-500` unless given. */
  readonly crashCodes?: readonly string[];
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}

const usualCrashCodes: readonly string[] = ["internal", "http-500"];

/**
 * Claim: a request that makes no sense is refused, and no request makes a service break down.
 *
 * Reads operations `bad-request` (what was wrong with it may be in the value): calls that must be refused whatever
 * the state is, so `ok` is wrong at any time (`bad-input-accepted`); and the error codes of all calls.
 * A code of a breakdown (`crashCodes`) is wrong where the call ended before the first fault of the history was injected: of
 * a bad request it is `bad-input-crashed`, of any other `good-input-crashed`. From the first fault on nobody can tell what a
 * service broke down over, so breakdowns do not count from there.
 *
 * Decides exactly what it reads. Measures how many bad requests were refused. Cannot see: whether a refusal
 * says the right thing, requests that should be refused and are not marked so, breakdowns without an answer. Linear.
 *
 * @throws RangeError where `maxAnomalies` is no whole number of at least 1.
 */
export function definiteAnswers(options: DefiniteAnswersOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  return {
    name: "definite-answers",
    claim: "a request that makes no sense is refused, and no request makes a service break down",
    blindSpots: [
      "whether a refusal says the right thing",
      "breakdowns after the first fault: nobody can tell what they are due to",
    ],
    check: (history, budget) => withinBudget(history, budget, (watch) => check(history, options, watch)),
  };
}

function check(history: History, options: DefiniteAnswersOptions, watch: BudgetWatch): CheckResult {
  const crashCodes = new Set(options.crashCodes ?? usualCrashCodes);
  const roles = functionRoles(history, [options.functions?.badRequest ?? "bad-request"]);
  const firstFault =
    history.faults.find(({ event }) => event === "inject")?.index ?? Number.POSITIVE_INFINITY;
  const anomalies = new AnomalyList(options.maxAnomalies);
  watch.keep(anomalies);
  let operations = 0;
  let refused = 0;
  let lastBad = -1;
  watch.begin(0, 1, history.length);
  for (let row = 0; row < history.length; row++) {
    watch.at(row);
    const type = history.type[row]!;
    const isBad = roles[history.f[row]!]! >= 0;
    if (type === INVOKE || type === RECORD) {
      if (type === INVOKE && isBad) lastBad = row;
      continue;
    }
    const isEarly = history.index[row]! < firstFault;
    if (isBad || isEarly) operations++;
    const crashed = isEarly && crashCodes.has(history.error.get(row)?.code ?? "");
    if (crashed) addCrash(history, anomalies, row, isBad, lastBad);
    else if (isBad && type === OK) addAccepted(history, anomalies, row);
    else if (isBad && history.error.has(row)) refused++;
  }
  return resultOf({
    operations,
    reasons: [],
    measures: [{ name: "bad requests refused", unit: "count", value: refused, worse: "low" }],
    ...anomalies.report(history),
  });
}

function addAccepted(history: History, anomalies: AnomalyList, row: number): void {
  const asked = history.mate[row]!;
  const rows: [number, ...number[]] = asked < 0 ? [row] : [asked, row];
  const proof = () =>
    `${sessionName(history, row)} sent a request that must be refused (${requestText(history, row)}), and was told that ` +
    `it is done (${operationName(history, row)})`;
  anomalies.add({ type: "bad-input-accepted", key: history.key[row]!, rows, proof });
}

function addCrash(
  history: History,
  anomalies: AnomalyList,
  row: number,
  isBad: boolean,
  lastBad: number,
): void {
  const asked = history.mate[row]!;
  const own = asked < 0 ? [row] : [asked, row];
  const before = isBad || lastBad < 0 ? [] : [lastBad];
  const rows = [...new Set([...before, ...own])].sort((a, b) => a - b) as [number, ...number[]];
  const code = history.error.get(row)?.code ?? "";
  const proof = () => {
    const answered = `the service broke down (${operationName(history, row)}, ${code})`;
    const noFault = "before any fault was injected";
    const who = sessionName(history, row);
    if (isBad) {
      return `${who} sent a request that must be refused (${requestText(history, row)}), and ${answered}, ${noFault}`;
    }
    const cause =
      lastBad < 0 ? "" : `; a bad request was sent before it (${operationName(history, lastBad)})`;
    return `nothing is wrong with what ${who} asked for (${requestText(history, row)}), but ${answered}, ${noFault}${cause}`;
  };
  anomalies.add({
    type: isBad ? "bad-input-crashed" : "good-input-crashed",
    key: history.key[row]!,
    rows,
    proof,
  });
}

/** What was asked for, and where. */
function requestText(history: History, row: number): string {
  const asked = history.mate[row]!;
  const from = asked < 0 ? row : asked;
  const key = history.key[from]! < 0 ? "" : ` ${keyName(history, history.key[from]!)}`;
  const value = history.value[from];
  const details = value === undefined ? "" : ` ${valueText(value)}`;
  return `${operationName(history, from)}: ${clippedText(history.functions[history.f[from]!]!)}${key}${details}`;
}
