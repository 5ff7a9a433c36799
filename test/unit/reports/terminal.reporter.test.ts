import { describe, expect, it } from "vitest";
import type { Story } from "../../../harness/record/story.ts";
import { textWidth } from "../../../reports/terminal/text-width.ts";
import { renderRun, renderSuite } from "../../../reports/terminal.reporter.ts";
import { hostile } from "./fixtures/hostile.story.ts";
import { lostUpdate } from "./fixtures/lost-update.story.ts";
import { partition } from "./fixtures/partition.story.ts";
import { goodSuite, hostileSuite, mixedSuite, unknownSuite } from "./fixtures/suites.ts";
import { validRun } from "./fixtures/valid.story.ts";
import { expectGolden } from "./golden-file.ts";

const plain = { columns: 120, colour: false, reportPath: ".faultline/runs/2026-08-14-101500/report.html" };
const once = { columns: 120, colour: false, times: 3, identical: true };
const stories = [lostUpdate, partition];

describe("the summary of a suite", () => {
  it("tells of a suite in which all is as expected", () => {
    expectGolden("suite-good.txt", renderSuite(goodSuite, stories, plain));
  });

  it("tells of every judgement", () => {
    expectGolden("suite-mixed.txt", renderSuite(mixedSuite, stories, plain));
  });

  it("fits a narrow terminal", () => {
    expectGolden("suite-mixed-60.txt", renderSuite(mixedSuite, stories, { ...plain, columns: 60 }));
  });

  it("uses colour where it may", () => {
    expectGolden("suite-mixed-colour.txt", renderSuite(mixedSuite, stories, { ...plain, colour: true }));
  });

  it("says why nothing is known", () => {
    expectGolden("suite-unknown.txt", renderSuite(unknownSuite, [], { ...plain, reportPath: null }));
  });

  it("lets no text of a history reach the terminal as a command", () => {
    const text = renderSuite(hostileSuite, [hostile], plain);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expectGolden("suite-hostile.txt", text);
  });

  it.each([40, 60, 80, 100, 120, 200])("is never wider than %i columns, replay lines apart", (columns) => {
    for (const suite of [goodSuite, mixedSuite, unknownSuite, hostileSuite]) {
      const text = renderSuite(suite, [...stories, hostile], { ...plain, columns });
      for (const line of text.split("\n")) {
        if (!line.includes("npx faultline") && !line.startsWith("Report: "))
          expect(textWidth(line)).toBeLessThanOrEqual(columns);
      }
    }
  });

  it("shows what was measured of the hardened form, or of the only one, and says where the rest is", () => {
    const text = renderSuite(goodSuite, stories, plain);
    expect(text).toMatch(/availability +recovery +840 +5.86 ms +358 ms +12.5 s +137\n/);
    expect(text).toMatch(/part served during link-partition +245 of 210 runs +80 % +33.3 % +0 % +137\n/);
    expect(text).toContain("The measures of 2 other forms are in the report.");
    const [, , caught] = goodSuite.summary;
    const only = renderSuite({ ...goodSuite, summary: caught === undefined ? [] : [caught] }, stories, plain);
    expect(only).toContain(`${caught?.scenario} · ${caught?.form}\n  checker `);
    expect(only).not.toContain("other form");
  });

  it("puts each replay line on a line of its own", () => {
    const lines = renderSuite(mixedSuite, stories, { ...plain, columns: 40 }).split("\n");
    expect(lines).toContain(`  npx faultline replay ${partition.token}`);
  });
});

describe("a single run", () => {
  it.each<[string, Story]>([
    ["run-lost-update.txt", lostUpdate],
    ["run-partition.txt", partition],
    ["run-valid.txt", validRun],
    ["run-hostile.txt", hostile],
  ])("%s", (name, story) => {
    expectGolden(name, renderRun(story, once));
  });

  it("can tell of a run in which nothing happened", () => {
    const failure = { code: "service-did-not-start", message: "order" };
    const record = { ...validRun.record, verdict: "unknown" as const, failure, checkers: [], operations: 0 };
    const text = renderRun({ ...validRun, events: [], record }, once);
    expect(text).toContain("service-did-not-start: order");
    expect(text.trimEnd()).toMatch(/unknown: The harness failed: this says nothing about the services.$/);
  });

  it("says when the hashes differ", () => {
    expect(renderRun(validRun, { ...once, times: 2, identical: false })).toContain("differ within 2 runs");
  });

  it("says that the code changed where the executions agree with each other, but not with the token", () => {
    const changed = { ...once, columns: 80, identical: false, changedSince: true };
    for (const [times, begins] of [
      [1, "hashes      another history than that of the token"],
      [2, "hashes      identical 2 of 2 times, but another history than that of the token"],
    ] as const) {
      const text = renderRun(validRun, { ...changed, times }).replaceAll(/\n {12}/g, " ");
      expect(text).toContain(`${begins}: the code changed since it was made, so the outcome may differ\n`);
      expect(text).not.toContain("not deterministic");
    }
  });

  it.each([40, 80, 120])("is never wider than %i columns", (columns) => {
    for (const story of [lostUpdate, partition, hostile]) {
      for (const changedSince of [false, true]) {
        for (const line of renderRun(story, { ...once, columns, changedSince }).split("\n")) {
          if (!/npx faultline|^history/.test(line)) expect(textWidth(line)).toBeLessThanOrEqual(columns);
        }
      }
    }
  });
});
