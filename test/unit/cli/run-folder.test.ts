import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { prepareReplayFolder } from "../../../cli/prepare-replay-folder.ts";
import { defaultRunFolder, prepareRunFolder } from "../../../cli/prepare-run-folder.ts";
import { runFolderStamp } from "../../../cli/run-folder-stamp.ts";

let cwd = "";

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "faultline-folder-"));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

describe("prepareRunFolder", () => {
  test("creates a folder with its parents", () => {
    prepareRunFolder("a/b", cwd);
    expect(existsSync(join(cwd, "a/b"))).toBe(true);
  });

  test("empties the folder of an earlier run", () => {
    mkdirSync(join(cwd, "run/stories/x"), { recursive: true });
    for (const name of ["run.json", "results.ndjson", "verdict.json", "report.html"]) {
      writeFileSync(join(cwd, "run", name), "{}");
    }
    prepareRunFolder("run", cwd);
    expect(readdirSync(join(cwd, "run"))).toEqual([]);
  });

  test("empties the folder of an earlier run of the real lane, too, and that of a replay there", () => {
    for (const name of ["run/servers", "run/runs/x/1", "replay/servers", "replay/1", "replay/2"])
      mkdirSync(join(cwd, name), { recursive: true });
    writeFileSync(join(cwd, "run/run.json"), "{}");
    writeFileSync(join(cwd, "replay/history.ndjson"), "");
    prepareRunFolder("run", cwd);
    prepareReplayFolder("replay", cwd);
    expect([readdirSync(join(cwd, "run")), readdirSync(join(cwd, "replay"))]).toEqual([[], []]);
  });

  test("touches nothing of a folder that holds something else", () => {
    mkdirSync(join(cwd, "src"));
    writeFileSync(join(cwd, "src/run.json"), "{}");
    writeFileSync(join(cwd, "src/main.ts"), "");
    expect(() => prepareRunFolder("src", cwd)).toThrow(/holds something else \(main\.ts\)/);
    expect(readdirSync(join(cwd, "src"))).toEqual(["main.ts", "run.json"]);
  });

  test("refuses a folder that only looks like one, and a file", () => {
    mkdirSync(join(cwd, "looks/stories"), { recursive: true });
    expect(() => prepareRunFolder("looks", cwd)).toThrow(/was not made by this command/);
    writeFileSync(join(cwd, "file"), "");
    expect(() => prepareRunFolder("file", cwd)).toThrow(/is not a folder/);
    expect(() => prepareRunFolder("file/below", cwd)).toThrow(/cannot be written to/);
  });
});

test("the default folder is named by time and seed, and never taken twice", () => {
  const stamp = runFolderStamp(Date.UTC(2026, 7, 1, 9, 45, 0, 123));
  expect(stamp).toBe("20260801T094500Z");
  const first = defaultRunFolder(stamp, 7, cwd);
  expect(first).toBe(join(".faultline", "runs", "20260801T094500Z-7"));
  prepareRunFolder(first, cwd);
  expect(defaultRunFolder(stamp, 7, cwd)).toBe(`${first}-2`);
});
