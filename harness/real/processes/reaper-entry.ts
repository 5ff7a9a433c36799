import { createInterface } from "node:readline";
import { systemClock } from "../../time/system-clock.ts";
import type { MadeThing } from "../substrate/remove-made.ts";
import { processRow } from "./process-table.ts";
import { type ReapedProcess, reap } from "./reap.ts";
import type { ReaperMessage } from "./reaper-message.ts";
import { type LabelledContainers, removeContainers } from "./remove-containers.ts";

// The entry of the reaper's process. It reads what was started until the pipe ends, which it does when the
// harness says so and when the harness dies; then it cleans up. It must not end with the harness's terminal.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

const processes = new Map<number, ReapedProcess>();
const folders = new Set<string>();
const containers: LabelledContainers[] = [];
const made = new Map<number, MadeThing>();
/** What cannot be removed by then stays. */
const MADE_MS_MAX = 60_000;

for await (const line of createInterface({ input: process.stdin })) {
  // A harness that dies within a line leaves half of one.
  const message = parse(line);
  if (message === null) continue;
  if ("folder" in message) folders.add(message.folder);
  else if ("containers" in message) containers.push(message.containers);
  else if ("made" in message) {
    if (message.thing === null) made.delete(message.made);
    else made.set(message.made, message.thing);
  } else if ("ended" in message) processes.delete(message.ended);
  else {
    const { watch: pid, postgresData = null } = message;
    processes.set(pid, { pid, started: processRow(pid)?.started ?? "", postgresData });
  }
}

const mark = `${process.pid}.${processRow(process.pid)?.started ?? ""}`;
const clock = systemClock();
await reap([...processes.values()], [...folders], mark, clock);
for (const labelled of containers) await removeContainers(labelled, clock);
if (made.size > 0) {
  // The clients of stores are loaded only where they are needed: a reaper is to start quickly and to be small.
  const { removeMade } = await import("../substrate/remove-made.ts");
  const removals = [...made.values()].map((thing) => removeMade(thing, clock));
  await Promise.race([Promise.allSettled(removals), clock.sleep(MADE_MS_MAX)]);
}
process.exit(0);

function parse(line: string): ReaperMessage | null {
  try {
    return JSON.parse(line) as ReaperMessage;
  } catch {
    return null;
  }
}
