import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { HistoryEvent } from "../../../../checkers/history/operation.ts";
import { mergeRecords } from "../../../../harness/real/run/merge-records.ts";
import {
  RecordFile,
  readRecords,
  type WrittenRecord,
} from "../../../../harness/real/services/record-file.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "faultline-records-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const path = (service: string) => join(folder, `${service}.records.ndjson`);

function record(time: number, node: string): WrittenRecord {
  return { time, node, f: "effect", key: "saga/1", value: { step: "line\nbreak ✓", at: time } };
}

function write(service: string, ...times: number[]): void {
  using file = new RecordFile(path(service));
  for (const time of times) file.append(record(time, service));
}

function phase(index: number, time: number, name: "start" | "load" | "heal"): HistoryEvent {
  return { index, time, type: "phase", phase: name };
}

test("records are there as soon as they were appended, and the next life of a process goes on", () => {
  write("order", 1, 2);
  using file = new RecordFile(path("order"));
  file.append(record(3, "order"));
  expect(readRecords(path("order"))).toEqual([1, 2, 3].map((time) => record(time, "order")));
});

test("a process that is killed in the middle has lost nothing that it had recorded", async () => {
  const source = join(import.meta.dirname, "../../../../harness/real/services/record-file.ts");
  const program = `
    import { writeSync } from "node:fs";
    import { RecordFile } from ${JSON.stringify(source)};
    const file = new RecordFile(${JSON.stringify(path("order"))});
    for (let time = 1; ; time++) {
      file.append({ time, node: "order", f: "consumed", key: "k", value: { message: "m" + time } });
      writeSync(1, time + "\\n");
    }`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let told = "";
  child.stdout.on("data", (chunk: Buffer) => {
    told += chunk.toString();
    if (told.length > 5_000) child.kill("SIGKILL");
  });
  await new Promise((resolve) => child.on("close", resolve));
  const recorded = told.slice(0, told.lastIndexOf("\n")).split("\n").map(Number);
  const times = readRecords(path("order")).map(({ time }) => time);
  expect(recorded.length).toBeGreaterThan(500);
  expect(times.slice(0, recorded.length)).toEqual(recorded);
});

test("a last line that the death of its writer cut off is left out", () => {
  write("order", 1);
  appendFileSync(path("order"), '{"time":2,"node":"ord');
  expect(readRecords(path("order"))).toEqual([record(1, "order")]);
});

test("the next life of a process does not begin in the middle of a line", () => {
  appendFileSync(path("order"), '{"time":1,"node":"ord');
  write("order", 2);
  appendFileSync(path("order"), '{"time":3,"no');
  write("order", 4);
  expect(readRecords(path("order"))).toEqual([record(2, "order"), record(4, "order")]);
});

test("a service that never started has no records", () => {
  expect(readRecords(path("order"))).toEqual([]);
  expect(existsSync(path("order"))).toBe(true);
});

test("records are put between the harness's own events by time, and numbered anew", () => {
  write("order", 15, 40);
  write("payment", 12, 20);
  const recorded = [phase(0, 10, "start"), phase(1, 20, "load"), phase(2, 50, "heal")];
  const merged = mergeRecords(recorded, [path("order"), path("payment")]);
  expect(merged.map(({ time, type }) => `${time} ${type}`)).toEqual([
    "10 phase",
    "12 record",
    "15 record",
    "20 record",
    "20 phase",
    "40 record",
    "50 phase",
  ]);
  expect(merged.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(merged[1]).toEqual({ index: 1, type: "record", ...record(12, "payment") });
});

test("the harness's own events keep their order, and what came after the last of them is left out", () => {
  write("order", 60, 5);
  const recorded = [phase(0, 10, "start"), phase(1, 10, "load"), phase(2, 50, "heal")];
  const merged = mergeRecords(recorded, [path("order")]);
  expect(merged.map(({ type, time }) => `${time} ${type}`)).toEqual([
    "5 record",
    "10 phase",
    "10 phase",
    "50 phase",
  ]);
  expect(merged.flatMap((event) => (event.type === "phase" ? [event.phase] : []))).toEqual([
    "start",
    "load",
    "heal",
  ]);
  expect(mergeRecords([], [path("order")])).toEqual([]);
});
