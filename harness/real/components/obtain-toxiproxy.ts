import { chmodSync, existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { keepInCache } from "./cache.ts";
import { findOnPath } from "./find-program.ts";
import { installCommand } from "./install-command.ts";
import { attempt, lastWords, type ObtainContext, type Obtained } from "./obtain.ts";
import { pinnedVersions } from "./pinned-versions.ts";
import { runProgram } from "./run-program.ts";
import { toxiproxyFolder } from "./toxiproxy.component.ts";

const UNPACK_TIMEOUT_MS = 60_000;
const BUILD_TIMEOUT_MS = 900_000;
const PROGRAM = "toxiproxy-server";
const VERSION = pinnedVersions.toxiproxy;

/** SHA-256 of the official archives of version 2.12.0, by operating system and processor as Go calls them. */
const releases: ReadonlyMap<string, string> = new Map([
  ["linux_amd64", "65e042d3fc2290c099527bc506446a6fd863a09f113b8944b636ece70221c2b3"],
  ["linux_arm64", "ab417dafc77ae8b54ec8461cc5da5180d0465a61dcbda86c72da72ee4ab843b7"],
  ["darwin_amd64", "52ac1f99d7204b4b523f910b791bc86318b50ef94822c79a6157606704003ced"],
  ["darwin_arm64", "cece3905c06ad84d6b3bb4cd024c344e6466736b2a8cbaf9ef4fe45e62aba9b2"],
]);

/** Gets Toxiproxy into the cache: the official release, or else a build by Go. */
export async function obtainToxiproxy(context: ObtainContext): Promise<Obtained> {
  const release = await fromRelease(context);
  if (release.ok) return release;
  context.say(`toxiproxy: ${release.why}`);
  const build = await fromGo(context);
  return build.ok ? build : { ...build, why: `${release.why} ${build.why}` };
}

async function fromRelease({ environment, offline, download, say }: ObtainContext): Promise<Obtained> {
  const { platform, arch, cacheFolder } = environment;
  const target = `${platform}_${arch === "x64" ? "amd64" : arch}`;
  const checksum = releases.get(target);
  const refuse = (why: string): Obtained => ({ ok: false, why, command: "faultline setup" });
  if (checksum === undefined) return refuse(`There is no pinned release for ${platform} ${arch}.`);
  if (offline) return refuse("The official release is not fetched when offline.");
  const url = `https://github.com/Shopify/toxiproxy/releases/download/v${VERSION}/toxiproxy_${VERSION}_${target}.tar.gz`;
  say(`toxiproxy: fetching the official release ${VERSION}`);
  const get = (): Promise<Obtained> =>
    keepInCache(join(cacheFolder, toxiproxyFolder), "official release", async (folder) => {
      const archive = join(folder, "release.tar.gz");
      await download({ url, algorithm: "sha256", checksum }, archive);
      const unpack = ["-xzf", archive, "-C", folder];
      const { output } = await runProgram("tar", unpack, { timeoutMs: UNPACK_TIMEOUT_MS });
      rmSync(archive);
      if (!existsSync(join(folder, PROGRAM)))
        return refuse(`${url} holds no ${PROGRAM}: ${lastWords(output)}`);
      chmodSync(join(folder, PROGRAM), 0o755);
      return { ok: true };
    });
  return attempt(get, "faultline setup");
}

async function fromGo({ environment, offline, say }: ObtainContext): Promise<Obtained> {
  const { env, cacheFolder } = environment;
  const go = findOnPath(["go"], env);
  const install = installCommand({ apt: "golang-go", dnf: "golang", apk: "go", brew: "go" }, environment);
  const command = `${install ?? "install Go"} && faultline setup --component toxiproxy`;
  if (go === null) return { ok: false, why: "Go is not on the PATH either.", command };
  say(`toxiproxy: building ${VERSION} with Go (half a minute or two)`);
  return keepInCache(join(cacheFolder, toxiproxyFolder), "go install", async (folder) => {
    const { code, output } = await runProgram(
      go,
      [
        ...[
          "install",
          "-trimpath",
          "-ldflags",
          `-s -w -X github.com/Shopify/toxiproxy/v2.Version=${VERSION}`,
        ],
        `github.com/Shopify/toxiproxy/v2/cmd/server@v${VERSION}`,
      ],
      {
        timeoutMs: BUILD_TIMEOUT_MS,
        cwd: folder,
        // Without C: the program then needs no library of this machine. Go itself checks what it fetches.
        env: { ...env, CGO_ENABLED: "0", GOBIN: folder, ...(offline ? { GOPROXY: "off" } : {}) },
      },
    );
    if (code !== 0) return { ok: false, why: `go install failed: ${lastWords(output)}`, command };
    renameSync(join(folder, "server"), join(folder, PROGRAM));
    return { ok: true };
  });
}
