// Checks many histories of systems that do what they promise: every anomaly is a false alarm. Then some of systems
// that do not: a checker that finds no fault with any of them sleeps. Exit code 1: there was one or the other.
//
//   npm run test:false-alarms -- --histories 100000 --seed 1 --source "lock with tokens"
import { parseArgs } from "node:util";
import { checkerNames, formatEvent } from "../../checkers/index.ts";
import { alarmSources, missingCheckers } from "./alarm-sources.ts";
import { type FalseAlarm, hearAlarms, sleepingCheckers, tapeOf } from "./hear-alarms.ts";

const { values } = parseArgs({
  options: {
    histories: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    source: { type: "string" },
  },
});
const chosen = alarmSources.filter(({ name }) => values.source === undefined || name === values.source);
const each = Math.ceil(Number(values.histories) / Math.max(1, chosen.length));
const seed = Number(values.seed);
// To repeat one history says nothing of who sleeps.
const broken = each < 100 ? 0 : Math.max(400, Math.ceil(each / 10));
let failures = 0;
let checked = 0;
let verdicts = 0;
let undecided = 0;

if (chosen.length === 0 || !(each > 0) || !Number.isSafeInteger(seed)) {
  const names = alarmSources.map(({ name }) => `"${name}"`).join(", ");
  process.stderr.write(
    `false-alarms: expected --histories and --seed as whole numbers, and one of ${names}\n`,
  );
  process.exit(2);
}
for (const name of missingCheckers(checkerNames)) fail(`no source has histories for the checker ${name}`);
for (const source of chosen) {
  const heard = hearAlarms(source, seed, each, broken);
  checked += each;
  const row = source.checkers.map(({ name }, at) => {
    verdicts += each;
    undecided += heard.unknown[at]!;
    const caught = heard.broken === 0 ? "" : `, caught ${heard.caught[at]} of ${heard.broken}`;
    return `${name} ${heard.examined[at]} examined, ${heard.valid[at]} valid, ${heard.unknown[at]} unknown${caught}`;
  });
  process.stdout.write(`${source.name}: ${each} histories\n${row.map((text) => `  ${text}\n`).join("")}`);
  for (const alarm of heard.alarms.slice(0, 3)) failAlarm(alarm);
  if (heard.alarms.length > 3) fail(`${heard.alarms.length - 3} more false alarms on ${source.name}`);
  for (const text of sleepingCheckers(heard)) fail(text);
}
process.stdout.write(
  `${checked} histories of ${chosen.length} sources, ${verdicts} verdicts (${undecided} unknown): ` +
    `${failures === 0 ? "no false alarm, and every checker awake" : `${failures} failures`}\n`,
);
process.exitCode = failures === 0 ? 0 : 1;

function failAlarm({ source, checker, seed: one, result }: FalseAlarm): void {
  const [anomaly] = result.anomalies;
  fail(`${checker.name} on ${source.name}, seed ${one}: ${anomaly?.type}: ${anomaly?.proof}`);
  const events = source.right(tapeOf(source, one));
  process.stdout.write(`${events.map((event) => `    ${formatEvent(event)}\n`).join("")}`);
  process.stdout.write(
    `    again: npm run test:false-alarms -- --histories 1 --seed ${one} --source "${source.name}"\n`,
  );
}

function fail(text: string): void {
  failures++;
  process.stdout.write(`  ✗ ${text}\n`);
}
