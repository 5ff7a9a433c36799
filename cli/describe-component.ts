import type { ComponentKind, ComponentSearch } from "../harness/real/components/component.ts";

/** A component in the JSON documents of `setup` and `doctor`. */
export interface ComponentDocument {
  readonly kind: ComponentKind;
  readonly label: string;
  readonly found: boolean;
  readonly version: string | null;
  readonly source: string | null;
  readonly path: string | null;
  /** True where something else speaks its protocol. */
  readonly standIn: boolean;
  /** The Java runtime that it is started with. */
  readonly java: string | null;
  /** Why it is missing, and the command that gets it. */
  readonly why: string | null;
  readonly command: string | null;
}

/** What was found of a component, or what is missing. */
export function describeComponent(search: ComponentSearch): ComponentDocument {
  const { kind, label, found } = search;
  const absent = { version: null, source: null, path: null, standIn: false, java: null };
  if (!found) return { kind, label, found, ...absent, why: search.why, command: search.command };
  const { version, source, path, standIn, java } = search;
  const runtime = java === undefined ? null : `${java.version}, ${java.path}`;
  return { kind, label, found, version, source, path, standIn, java: runtime, why: null, command: null };
}
