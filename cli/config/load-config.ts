import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { FaultlineError } from "../../harness/faultline-error.ts";
import { oneLine } from "../error-document.ts";
import { lookAtPath, shownPath } from "../look-at-path.ts";
import { parseConfig } from "./config-schema.ts";
import type { FaultlineConfig } from "./define-config.ts";

const DEFAULT_NAMES = [
  "faultline.config.ts",
  "faultline.config.mts",
  "faultline.config.mjs",
  "faultline.config.js",
];
const PROBLEMS_MAX = 5;

/** A configuration and the absolute path of its file; an empty one and null when there is no file. */
export interface LoadedConfig {
  readonly config: FaultlineConfig;
  readonly path: string | null;
}

/**
 * Loads the configuration that `--config` names, else the one in `cwd`, if there is one. Throws
 * `config-not-found`, `unreadable-path`, `config-unreadable` or `bad-config`, with the file and the field.
 */
export async function loadConfig(named: string | undefined, cwd: string): Promise<LoadedConfig> {
  const chosen = named ?? DEFAULT_NAMES.find((name) => existsSync(join(cwd, name)));
  if (chosen === undefined) return { config: {}, path: null };
  const path = requireFile(chosen, cwd);
  const shown = shortest(path, cwd);
  const parsed = parseConfig(await importDefault(path, shown));
  if (!parsed.ok) {
    const more = parsed.problems.length - PROBLEMS_MAX;
    const problems = parsed.problems.slice(0, PROBLEMS_MAX).join("; ");
    throw new FaultlineError(
      "usage",
      "bad-config",
      `${shown}: ${problems}${more > 0 ? `; and ${more} more` : ""}.`,
      "`defineConfig` shows what each field takes.",
    );
  }
  return { config: withAbsoluteOut(parsed.config, path), path };
}

function requireFile(named: string, cwd: string): string {
  const found = lookAtPath(named, cwd);
  if (found?.isFile() === true) return resolve(cwd, named);
  const why = found === undefined ? "does not exist" : "is not a file";
  throw new FaultlineError("usage", "config-not-found", `The configuration ${shownPath(named)} ${why}.`);
}

async function importDefault(path: string, shown: string): Promise<unknown> {
  let module: { readonly default?: unknown };
  try {
    module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
  } catch (error) {
    const why = oneLine(error instanceof Error ? error.message : String(error));
    const hint = /outside a module/.test(why)
      ? 'Write `"type": "module"` into the package.json of its project.'
      : "";
    throw new FaultlineError("usage", "config-unreadable", `${shown} cannot be loaded: ${why}`, hint);
  }
  if (module.default !== undefined) return module.default;
  throw new FaultlineError(
    "usage",
    "bad-config",
    `${shown}: it has no default export.`,
    "Write `export default defineConfig({ … })`.",
  );
}

function withAbsoluteOut(config: FaultlineConfig, path: string): FaultlineConfig {
  if (config.out === undefined || isAbsolute(config.out)) return config;
  return { ...config, out: resolve(dirname(path), config.out) };
}

function shortest(path: string, cwd: string): string {
  const fromHere = relative(cwd, path);
  return fromHere.startsWith("..") ? path : fromHere;
}
