import type { CommandIo, Output } from "../../../cli/command-io.ts";

/** An output that keeps what was written. */
export interface FakeOutput extends Output {
  readonly written: string[];
}

/** A process made of plain data: nothing is printed, nothing ends. */
export interface FakeIo extends CommandIo {
  readonly out: FakeOutput;
  readonly err: FakeOutput;
  /** What Ctrl-C calls; empty when nobody listens. */
  readonly interruptListeners: (() => void)[];
}

/** Commands run with this see these variables, this folder and no terminal, unless told otherwise. */
export function fakeIo(
  given: { env?: Record<string, string>; cwd?: string; isTerminal?: boolean } = {},
): FakeIo {
  const interruptListeners: (() => void)[] = [];
  return {
    env: given.env ?? {},
    cwd: given.cwd ?? process.cwd(),
    out: fakeOutput(given.isTerminal ?? false),
    err: fakeOutput(given.isTerminal ?? false),
    interruptListeners,
    onInterrupt(listener) {
      interruptListeners.push(listener);
      return () => {
        interruptListeners.splice(interruptListeners.indexOf(listener), 1);
      };
    },
    exit(code) {
      throw new Error(`exit ${code}`);
    },
  };
}

function fakeOutput(isTerminal: boolean): FakeOutput {
  const written: string[] = [];
  return { isTerminal, colour: false, columns: 100, written, write: (text) => void written.push(text) };
}
