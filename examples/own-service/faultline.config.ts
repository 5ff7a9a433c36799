// In your own project: import { defineConfig, type FaultlineConfig } from "faultline".
import { defineConfig, type FaultlineConfig } from "../../index.ts";
import { notesAreKept } from "./notes-are-kept.scenario.ts";

const config: FaultlineConfig = defineConfig({
  scenarios: [notesAreKept],
  builtIn: false,
  seed: 7,
  runs: 100,
});

export default config;
