import { describe, expect, it } from "vitest";
import { renderRunHtml } from "../../../reports/html-run.reporter.ts";
import { pairCalls } from "../../../reports/model/call.ts";
import { tellRun } from "../../../reports/model/told-run.ts";
import { renderRun } from "../../../reports/terminal.reporter.ts";
import { recordsRun } from "./fixtures/records.story.ts";
import { parsePage } from "./parse-page.ts";

describe("records in a report", () => {
  it("are notes of their node, after the clients, and pair with nothing", () => {
    expect(pairCalls(recordsRun.events).map(({ lane, outcome }) => [lane, outcome])).toEqual([
      ["client 0", "ok"],
      ["at payment", "record"],
      ["at payment", "record"],
      ["at order", "record"],
    ]);
    expect(tellRun(recordsRun, 100).lanes).toEqual(["client 0", "at order", "at payment"]);
  });

  it("are shown on the page, with links from the proof", () => {
    const page = renderRunHtml({ story: recordsRun, times: 1, identical: true });
    parsePage(page);
    expect(page).toContain("Timeline of 1 operation by 1 client and 3 records at 2 nodes");
    expect(page).toContain('records <a href="#story-1-bar-2">2</a> and <a href="#story-1-bar-3">3</a>');
    expect(page).toContain('>record 2</a> <span class="soft">at payment</span>');
    expect(page).toContain(
      "record 5, at order: saga order/7 {state: &quot;completed&quot;}; 9.00 ms; at the end",
    );
    expect(page).toContain("was seen at a service or in a store");
    expect(page).toContain("One column per client and per node where something was recorded");
    expect(page).not.toContain("undefined");
  });

  it("are shown in the terminal as one entry each", () => {
    const text = renderRun(recordsRun, { columns: 160, colour: false, times: 1, identical: true });
    expect(text).toMatch(/at order +at payment/);
    expect(text).toMatch(/▶ 1 +2 .*effect order\/7 \{step: "pay"\}/);
    expect(text).not.toContain("→ record");
  });

  it("say so when they are left out", () => {
    const events = Array.from({ length: 400 }, (_, index) => ({
      index,
      time: index,
      type: "record" as const,
      f: "effect",
      key: "x",
    }));
    const text = renderRun(
      { ...recordsRun, events },
      { columns: 120, colour: false, times: 1, identical: true },
    );
    expect(text).toContain("280 operations and records far from the witness not shown.");
    expect(text).toContain("at some node");
  });
});
