import { describe, expect, it } from "vitest";
import { timeScale } from "../../../reports/html/time-scale.ts";

describe("the scale of the timeline", () => {
  it("keeps the order of moments", () => {
    const times = [0, 1, 2, 2, 50, 51, 1e9, 1e9 + 3];
    const scale = timeScale(times, 800);
    const xs = times.map((time) => scale.at(time));
    expect(xs).toEqual([...xs].sort((a, b) => a - b));
    expect(scale.at(1e9)).toBeGreaterThan(scale.at(51));
    expect(scale.at(25)).toBeGreaterThan(scale.at(2));
  });

  it("cuts long gaps and says how long they are", () => {
    const scale = timeScale([0, 10, 20, 30, 1_000_030, 1_000_040], 0);
    expect(scale.breaks.map(({ lengthNs }) => lengthNs)).toEqual([1_000_000]);
    expect(scale.width).toBeLessThan(300);
  });

  it("can show one moment, and none", () => {
    expect(timeScale([5], 800).at(5)).toBe(0);
    expect(timeScale([], 800).width).toBe(0);
    expect(timeScale([], 800).at(3)).toBe(0);
  });

  it("writes moments apart from each other", () => {
    const { ticks } = timeScale(
      Array.from({ length: 200 }, (_, at) => at * 1000),
      800,
    );
    for (const [at, tick] of ticks.slice(1).entries()) {
      expect(tick.x - (ticks[at]?.x ?? 0)).toBeGreaterThanOrEqual(84);
    }
  });
});
