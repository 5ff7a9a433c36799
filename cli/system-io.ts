import { Console } from "node:console";
import type { WriteStream } from "node:tty";
import type { CommandIo, Output } from "./command-io.ts";
import { wantsColour } from "./wants-colour.ts";

const PIPED_COLUMNS = 110;
const INTERRUPTS = ["SIGINT", "SIGTERM"] as const;

/** The process as commands see it. Whatever a scenario or a configuration prints goes to stderr. */
export function systemIo(): CommandIo {
  globalThis.console = new Console(process.stderr, process.stderr);
  return {
    env: process.env,
    cwd: process.cwd(),
    out: outputOf(process.stdout),
    err: outputOf(process.stderr),
    onInterrupt(listener) {
      for (const signal of INTERRUPTS) process.on(signal, listener);
      return () => {
        for (const signal of INTERRUPTS) process.off(signal, listener);
      };
    },
    exit: (code) => process.exit(code),
  };
}

function outputOf(stream: WriteStream): Output {
  // A reader that went away (`| head`) is no reason to end: the exit code still tells the verdict.
  stream.on("error", () => {});
  return {
    isTerminal: stream.isTTY === true,
    colour: wantsColour(process.env, stream.isTTY === true),
    get columns() {
      return stream.columns > 0 ? stream.columns : PIPED_COLUMNS;
    },
    write(text) {
      stream.write(text);
    },
  };
}
