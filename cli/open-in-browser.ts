import { spawn } from "node:child_process";
import type { CommandIo } from "./command-io.ts";

const OPENERS: Readonly<Record<string, readonly string[]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

/** Opens a file with the desktop's own program; a machine without one is told so. */
export function openInBrowser(path: string, io: CommandIo): void {
  const [program = "", ...args] = OPENERS[process.platform] ?? ["xdg-open"];
  const child = spawn(program, [...args, path], { stdio: "ignore", detached: true });
  child.on("error", () => io.err.write(`Nothing here opens ${path} (${program} is missing).\n`));
  child.unref();
}
