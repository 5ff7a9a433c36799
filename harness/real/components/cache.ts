import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { type ComponentSource, componentSources } from "./component.ts";
import type { Obtained } from "./obtain.ts";

const SOURCE_FILE = "source.txt";

/**
 * Puts a folder into the cache. It is built under a temporary name and then renamed: a folder in the cache
 * is complete, also when two do this at once (the first wins) or one is killed. A `build` that throws, or
 * that answers why it could not be had, leaves nothing behind.
 */
export async function keepInCache(
  folder: string,
  source: ComponentSource,
  build: (temporaryFolder: string) => Promise<Obtained>,
): Promise<Obtained> {
  if (existsSync(folder)) return { ok: true };
  mkdirSync(dirname(folder), { recursive: true });
  const temporary = mkdtempSync(join(dirname(folder), `.${basename(folder)}-`));
  try {
    const obtained = await build(temporary);
    if (!obtained.ok) return obtained;
    // mkdtemp makes it for its owner only.
    chmodSync(temporary, 0o755);
    writeFileSync(join(temporary, SOURCE_FILE), `${source}\n`);
    renameSync(temporary, folder);
  } catch (error) {
    // Unless another one was quicker.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return { ok: true };
}

/** How a folder of the cache was obtained. */
export function cachedSource(folder: string): ComponentSource {
  try {
    const text = readFileSync(join(folder, SOURCE_FILE), "utf8").trim();
    return componentSources.find((source) => source === text) ?? "cache";
  } catch {
    return "cache";
  }
}
