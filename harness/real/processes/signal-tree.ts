import { descendantsOf } from "./process-table.ts";

/** Sends a signal to one process, or to a group when the number is negative. False when it is gone. */
export function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * Sends a signal to a process, to its group and to everything below it, such as the backends of PostgreSQL,
 * which lead groups of their own. The root is stopped while its children are counted, so that none is born
 * in between. False when the root is gone.
 */
export function signalTree(pid: number, signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): boolean {
  if (signal !== "SIGCONT" && !sendSignal(pid, "SIGSTOP")) return false;
  const children = descendantsOf(pid);
  const found = sendSignal(pid, signal);
  sendSignal(-pid, signal);
  for (const child of children) sendSignal(child, signal);
  return found;
}
