/** A kind of server that the real lane needs. */
export type ComponentKind = "postgres" | "toxiproxy" | "kafka" | "mongodb" | "redis";

/** Every kind, in the order in which they are shown. */
export const componentKinds: readonly ComponentKind[] = [
  "postgres",
  "toxiproxy",
  "kafka",
  "mongodb",
  "redis",
];

/** Where a component may come from. Those after "npm package" lie in the cache folder; "cache": put there by hand. */
export const componentSources = [
  "configured path",
  "PATH",
  "npm package",
  "official release",
  "go install",
  "mongodb-memory-server-core",
  "Maven",
  "Maven and javac",
  "cache",
] as const;

/** Where a component came from. */
export type ComponentSource = (typeof componentSources)[number];

/** A Java runtime that a component is started with. */
export interface JavaRuntime {
  /** The program `java`. */
  readonly path: string;
  /** As it calls itself: "17.0.15". */
  readonly version: string;
}

/** A component that can be started. */
export interface FoundComponent {
  readonly found: true;
  readonly kind: ComponentKind;
  /** Its name wherever it is shown: "MongoDB protocol stand-in" where it is no MongoDB. */
  readonly label: string;
  readonly version: string;
  readonly source: ComponentSource;
  /** The program, or the folder of what is started. */
  readonly path: string;
  /** True where something else speaks its protocol. */
  readonly standIn: boolean;
  readonly java?: JavaRuntime;
}

/** A component that cannot be started here. */
export interface MissingComponent {
  readonly found: false;
  readonly kind: ComponentKind;
  readonly label: string;
  /** What was looked for, in a sentence. */
  readonly why: string;
  /** The exact command that gets it here. */
  readonly command: string;
}

/** What looking for a component answers. */
export type ComponentSearch = FoundComponent | MissingComponent;
