import { defineConfig, type ViteUserConfig } from "vitest/config";

// Seeds are fixed, in the tests or for all of them; nothing is retried: a test that fails now and then is a finding.
const config: ViteUserConfig = defineConfig({
  test: {
    retry: 0,
    setupFiles: ["test/support/fixed-seed.ts"],
    env: { NO_COLOR: "1", CI: "", FAULTLINE_DEBUG: "" },
    projects: [
      {
        extends: true,
        test: {
          name: "default",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.model-sweep.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "model",
          include: ["test/**/*.model-sweep.test.ts"],
          testTimeout: 1_800_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});

export default config;
