#!/usr/bin/env node
// Starts the command line: the TypeScript sources in a checkout, the compiled files in the package.
// Plain JavaScript that old versions of Node can parse, so that they get a clear answer.

import { existsSync } from "node:fs";
import * as module from "node:module";
import { fileURLToPath } from "node:url";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `faultline: Node 22.18 or later is needed, this is ${process.versions.node}: install a newer Node, or add one to your project with \`npm install --save-dev node@24\` and start it with \`npx faultline\`.\n`,
  );
  process.exitCode = 255;
} else {
  // Keeps compiled code between runs: half of a short command is compiling it.
  module.enableCompileCache?.();
  const source = new URL("./main.ts", import.meta.url);
  const compiled = new URL("../dist/cli/main.js", import.meta.url);
  const entry = existsSync(fileURLToPath(source)) ? source : compiled;
  const main = await load(entry.href);
  if (main !== null) await main();
}

async function load(href) {
  try {
    return (await import(href)).main;
  } catch (error) {
    if (process.env.FAULTLINE_DEBUG) throw error;
    const missing = error?.code === "ERR_MODULE_NOT_FOUND" && /Cannot find package/.test(error.message);
    process.stderr.write(
      missing
        ? `faultline: a package is missing: run \`npm ci\` first.\n`
        : `faultline: Internal error: it cannot be loaded: ${error?.message} Run it again with FAULTLINE_DEBUG=1 to see where.\n`,
    );
    process.exitCode = 255;
    return null;
  }
}
