import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { ComponentEnvironment } from "./component-environment.ts";
import { installCommand } from "./install-command.ts";

/** The library that gives a process another clock, or why it is not there and what gets it. */
export type LibfaketimeSearch =
  | { readonly path: string }
  | { readonly path: null; readonly why: string; readonly command: string };

const FOLDERS = [
  "/usr/lib/faketime",
  "/usr/lib64/faketime",
  "/usr/local/lib/faketime",
  "/opt/homebrew/lib/faketime",
];

/** Looks for libfaketime: `$FAULTLINE_LIBFAKETIME`, then where the packages of the usual systems put it. */
export function findLibfaketime(environment: ComponentEnvironment): LibfaketimeSearch {
  const { env, platform } = environment;
  const command =
    installCommand(
      { apt: "libfaketime", dnf: "libfaketime", apk: "libfaketime", brew: "libfaketime" },
      environment,
    ) ?? "FAULTLINE_LIBFAKETIME=<path of libfaketime> faultline doctor";
  const given = env.FAULTLINE_LIBFAKETIME;
  if (given !== undefined && given !== "") {
    if (existsSync(given)) return { path: given };
    return { path: null, why: `FAULTLINE_LIBFAKETIME names ${given}, which is not there.`, command };
  }
  const name = platform === "darwin" ? "libfaketime.1.dylib" : "libfaketime.so.1";
  const path = [...multiarchFolders(), ...FOLDERS]
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
  return path === undefined ? { path: null, why: "libfaketime is not installed.", command } : { path };
}

/** Whether clocks of services can be offset: true, or why not and what to do, without a full stop. */
export function clockOffsets(search: LibfaketimeSearch): true | string {
  return search.path === null ? `${search.why.replace(/\.$/, "")}. Run: ${search.command}` : true;
}

/** Debian has one folder for each kind of processor: /usr/lib/x86_64-linux-gnu/faketime. */
function multiarchFolders(): readonly string[] {
  try {
    const names = readdirSync("/usr/lib").filter((name) => name.includes("-linux-"));
    return names.map((name) => join("/usr/lib", name, "faketime"));
  } catch {
    return [];
  }
}
