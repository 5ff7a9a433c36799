import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** One process of the system. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** When it was started, in the system's own unit: tells a process from a later one with its number. */
  readonly started: string;
  /** Dead, but not yet waited for by its parent. */
  readonly zombie: boolean;
}

/** All processes: from /proc where there is one (2 ms), else from `ps`. */
export function processTable(): readonly ProcessRow[] {
  try {
    return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? rowOf(Number(name)) : []));
  } catch {
    return psTable();
  }
}

/** One process, or undefined when there is none of that number. */
export function processRow(pid: number): ProcessRow | undefined {
  const [row] = rowOf(pid);
  return row ?? processTable().find((other) => other.pid === pid);
}

/** The process numbers of all children of `root`, their children, and so on; `root` is not among them. */
export function descendantsOf(root: number, table: readonly ProcessRow[] = processTable()): number[] {
  const found = [root];
  for (const parent of found) {
    for (const row of table) if (row.parent === parent && !found.includes(row.pid)) found.push(row.pid);
  }
  return found.slice(1);
}

function rowOf(pid: number): ProcessRow[] {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return [];
  }
  // The second field is the program's name in brackets, and may hold spaces and brackets itself.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state = "", parent = "", group = ""] = fields;
  const zombie = state === "Z" || state === "X";
  return [{ pid, parent: Number(parent), group: Number(group), started: fields[19] ?? "", zombie }];
}

function psTable(): ProcessRow[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,pgid=,stat=,lstart="], { encoding: "utf8" });
  return (stdout ?? "").split("\n").flatMap((line) => {
    const [pid = "", parent = "", group = "", state = "", ...started] = line.trim().split(/\s+/);
    if (pid === "") return [];
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        started: started.join(" "),
        zombie: state.startsWith("Z"),
      },
    ];
  });
}
