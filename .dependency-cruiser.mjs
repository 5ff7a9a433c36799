/** Imports point one way: checkers ← harness ← reference-impl/system ← scenarios ← cli. */
const product = "^(checkers|harness|reference-impl|scenarios|reports|cli)/";

/** A rule that a folder imports nothing of the project but itself and the named places. */
function only(folder, except, allowed, why) {
  return {
    name: `${folder.replaceAll("/", "-")}-sees-only-its-own-kind`,
    comment: why,
    severity: "error",
    from: { path: `^${folder}/`, ...(except.length === 0 ? {} : { pathNot: except }) },
    to: {
      path: `${product}|^(index|sim)\\.ts$|^(test|bench|examples)/`,
      pathNot: [`^${folder}/`, ...allowed],
    },
  };
}

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    {
      name: "no-cycle",
      comment: "Files that import each other, type imports included, cannot be understood one by one.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphan",
      comment: "A file that nobody imports and that starts nothing is dead.",
      severity: "error",
      from: {
        orphan: true,
        path: product,
        pathNot: [
          "^cli/faultline\\.mjs$",
          "^cli/sweep-worker\\.ts$",
          "^cli/main\\.ts$",
          "^cli/service-process\\.ts$",
          "^reference-impl/main\\.ts$",
        ],
      },
      to: {},
    },
    {
      name: "no-unresolved",
      comment: "An import that leads nowhere.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    only("checkers", [], [], "A checker can be used alone on any recorded history."),
    only("harness", [], ["^checkers/"], "The harness runs any system; it knows none."),
    only(
      "reference-impl",
      ["^reference-impl/systems/", "^reference-impl/main\\.ts$"],
      [],
      "Services are ordinary code: clients, clock and ids are handed to them. systems/ is the only bridge.",
    ),
    {
      name: "systems-see-harness-and-services",
      comment: "The bridge between the services and the harness.",
      severity: "error",
      from: { path: "^reference-impl/(systems/|main\\.ts$)" },
      to: { path: product, pathNot: ["^checkers/", "^harness/", "^reference-impl/"] },
    },
    only(
      "scenarios",
      [],
      ["^checkers/", "^harness/", "^reference-impl/"],
      "A scenario names a claim, a system, a workload, faults and checkers.",
    ),
    {
      name: "scenarios-start-services-through-systems",
      comment:
        "What a scenario starts comes from systems/, with the defects that it names; types may be looked at. An inspection reads stores as the services wrote them, with their own names and decoders.",
      severity: "error",
      from: { path: "^scenarios/", pathNot: "^scenarios/inspect-" },
      to: {
        path: "^reference-impl/",
        pathNot: ["^reference-impl/systems/", "^reference-impl/defects/"],
        dependencyTypesNot: ["type-only"],
      },
    },
    only(
      "reports",
      [],
      ["^checkers/", "^harness/record/", "^harness/run/sweep-progress\\.ts$"],
      "A report is made of the record of a run, and of nothing else.",
    ),
    {
      name: "nobody-imports-cli",
      comment: "The command line knows everybody; only the public entry file knows it.",
      severity: "error",
      from: { path: product, pathNot: "^cli/" },
      to: { path: "^cli/" },
    },
    {
      name: "nobody-imports-test",
      comment: "Tests, benchmarks and examples are leaves.",
      severity: "error",
      from: { path: `${product}|^(index|sim)\\.ts$` },
      to: { path: "^(test|bench|examples)/" },
    },
    {
      name: "product-does-not-import-entry-files",
      comment: "The public entry files are for users; inside, import the file that owns the name.",
      severity: "error",
      from: { path: product },
      to: { path: "^(index|sim)\\.ts$" },
    },
    {
      name: "checkers-need-nothing",
      comment: "Checkers are pure functions without packages and without Node.",
      severity: "error",
      from: { path: "^checkers/" },
      to: { dependencyTypes: ["npm", "npm-dev", "npm-no-pkg", "npm-unknown", "core"] },
    },
    {
      name: "product-has-no-dev-dependency",
      comment: "What is published works with the dependencies alone.",
      severity: "error",
      from: { path: `${product}|^(index|sim)\\.ts$` },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|node_modules|\\.faultline|\\.git|coverage)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      extensions: [".ts", ".mjs", ".js", ".json"],
      conditionNames: ["import", "node", "types"],
    },
    skipAnalysisNotInRules: true,
  },
};
