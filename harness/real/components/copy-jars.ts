import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { findOnPath } from "./find-program.ts";
import { installCommand } from "./install-command.ts";
import { lastWords, type ObtainContext, type Obtained } from "./obtain.ts";
import { pinnedVersions } from "./pinned-versions.ts";
import { runProgram } from "./run-program.ts";

const TIMEOUT_MS = 900_000;

/** An artifact of Maven Central; its own dependencies come along. */
export interface MavenArtifact {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
}

/**
 * Copies artifacts and what they depend on into a folder, by Maven, and compares each jar with its pinned
 * SHA-256. Maven's own repository on this machine is used and filled as always.
 */
export async function copyJars(
  artifacts: readonly MavenArtifact[],
  checksums: Readonly<Record<string, string>>,
  folder: string,
  { environment, offline }: ObtainContext,
): Promise<Obtained> {
  const { env } = environment;
  const maven = findOnPath(["mvn"], env);
  if (maven === null)
    return { ok: false, why: "Maven (mvn) is not on the PATH.", command: mavenCommand(environment) };
  const project = mkdtempSync(join(tmpdir(), "faultline-maven-"));
  try {
    writeFileSync(join(project, "pom.xml"), pom(artifacts));
    const goal = `org.apache.maven.plugins:maven-dependency-plugin:${pinnedVersions.mavenDependencyPlugin}:copy-dependencies`;
    const args = [
      "--batch-mode",
      "--quiet",
      ...(offline ? ["--offline"] : []),
      goal,
      `-DoutputDirectory=${folder}`,
    ];
    const { code, output } = await runProgram(maven, args, { timeoutMs: TIMEOUT_MS, cwd: project, env });
    if (code !== 0)
      return { ok: false, why: `Maven failed: ${reasonOf(output)}`, command: "faultline setup" };
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
  const wrong = wrongJars(folder, checksums);
  if (wrong.length === 0) return { ok: true };
  return {
    ok: false,
    why: `Maven brought jars that are not the pinned ones: ${wrong.join(", ")}.`,
    command: "rm -r ~/.m2/repository && faultline setup",
  };
}

/** Maven says first what went wrong; its last words are the same whatever that was. */
function reasonOf(output: string): string {
  const lines = output.split("\n").map((line) => stripVTControlCharacters(line).trim());
  const [, reason] = /^\[ERROR\] +(.+?)(?: -> \[Help \d+\])?$/m.exec(lines.join("\n")) ?? [];
  return reason ?? lastWords(output);
}

/** Names of jars that are missing, too many, or have another SHA-256 than the pinned one. */
export function wrongJars(folder: string, checksums: Readonly<Record<string, string>>): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".jar"));
  const missing = Object.keys(checksums).filter((name) => !names.includes(name));
  const wrong = names.filter((name) => {
    const hash = createHash("sha256").update(readFileSync(join(folder, name)));
    return hash.digest("hex") !== checksums[name];
  });
  return [...missing, ...wrong];
}

/** The command that installs Maven and a JDK here. */
export function mavenCommand(environment: ObtainContext["environment"]): string {
  const install = installCommand(
    {
      apt: "maven openjdk-17-jdk-headless",
      dnf: "maven java-17-openjdk-devel",
      apk: "maven openjdk17-jdk",
      brew: "maven openjdk@17",
    },
    environment,
  );
  return install === null
    ? "install Maven and a JDK of version 17, then: faultline setup"
    : `${install} && faultline setup`;
}

function pom(artifacts: readonly MavenArtifact[]): string {
  const dependencies = artifacts.map(
    ({ group, artifact, version }) =>
      `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
  );
  return [
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>',
    "<groupId>faultline</groupId><artifactId>jars</artifactId><version>1</version><packaging>pom</packaging>",
    `<dependencies>${dependencies.join("")}</dependencies></project>`,
  ].join("\n");
}
