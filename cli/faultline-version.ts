import { readFileSync } from "node:fs";

/** The version in package.json, wherever this file was started from. */
export function faultlineVersion(): string {
  // From `cli/` in a checkout and from `dist/cli/` in the package.
  for (const place of ["../package.json", "../../package.json"]) {
    const version = versionIn(new URL(place, import.meta.url));
    if (version !== null) return version;
  }
  return "unknown";
}

function versionIn(file: URL): string | null {
  try {
    const { name, version } = JSON.parse(readFileSync(file, "utf8")) as { name?: unknown; version?: unknown };
    return name === "faultline" && typeof version === "string" ? version : null;
  } catch {
    return null;
  }
}
