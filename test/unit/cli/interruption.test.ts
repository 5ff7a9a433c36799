import { expect, test, vi } from "vitest";
import { watchInterruption } from "../../../cli/interruption.ts";
import { fakeIo } from "./fake-io.ts";

test("the first Ctrl-C stops, its echo is ignored, the second ends at once", () => {
  const io = fakeIo();
  const endAtOnce = vi.fn();
  let now = 1000;
  const interruption = watchInterruption(io, endAtOnce, () => now);
  const [press = () => {}] = io.interruptListeners;

  expect(interruption.signal.aborted).toBe(false);
  press();
  expect(interruption.signal.aborted).toBe(true);
  now += 20;
  press();
  expect(endAtOnce).not.toHaveBeenCalled();
  expect(io.err.written).toHaveLength(1);
  now += 1000;
  press();
  expect(endAtOnce).toHaveBeenCalledOnce();
  interruption[Symbol.dispose]();
  expect(io.interruptListeners).toEqual([]);
});
