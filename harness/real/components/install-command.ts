import type { ComponentEnvironment } from "./component-environment.ts";
import { findOnPath } from "./find-program.ts";

/** What a package is called by each package manager. */
export interface PackageNames {
  readonly apt: string;
  readonly dnf: string;
  readonly apk: string;
  readonly brew: string;
}

/** The command that installs a package by this system's package manager; null when none is known. */
export function installCommand(names: PackageNames, { env, platform }: ComponentEnvironment): string | null {
  const has = (program: string): boolean => findOnPath([program], env) !== null;
  if (platform === "darwin") return `brew install ${names.brew}`;
  const sudo = process.getuid?.() === 0 ? "" : "sudo ";
  if (has("apt-get")) return `${sudo}apt-get install -y ${names.apt}`;
  if (has("dnf")) return `${sudo}dnf install -y ${names.dnf}`;
  if (has("apk")) return `${sudo}apk add ${names.apk}`;
  return null;
}
