import { type FaultCapabilities, impossibleFaults } from "../harness/faults/impossible-faults.ts";
import { faults } from "../harness/faults/index.ts";
import type { LibfaketimeSearch } from "../harness/real/components/libfaketime.ts";
import type { ExaminedComponent } from "./examine-components.ts";

/** Where a fault is possible on this machine: true, or why not. */
export interface PossibleFault {
  readonly name: string;
  readonly does: string;
  readonly sim: true | string;
  /** In the real lane on the local substrate. */
  readonly local: true | string;
}

/** Every fault, with where it is possible. */
export function possibleFaults(local: FaultCapabilities): readonly PossibleFault[] {
  const inSim = new Map(impossibleFaults(faults, { lane: "sim" }).map(({ fault, why }) => [fault, why]));
  const real = impossibleFaults(faults, { lane: "real", capabilities: local });
  const inReal = new Map(real.map(({ fault, why }) => [fault, why]));
  return faults.map(({ name, does }) => ({
    name,
    does,
    sim: inSim.get(name) ?? true,
    local: inReal.get(name) ?? true,
  }));
}

/** What faults on the local substrate can have of this machine. */
export function localCapabilities(
  components: readonly ExaminedComponent[],
  libfaketime: LibfaketimeSearch,
): FaultCapabilities {
  const needs = (kind: ExaminedComponent["kind"]): true | string =>
    components.some((component) => component.kind === kind && component.startMs !== null)
      ? true
      : `needs ${kind}`;
  return {
    proxies: needs("toxiproxy"),
    processes: true,
    "postgres-superuser": needs("postgres"),
    "postgres-sessions": needs("postgres"),
    "postgres-slots": needs("postgres"),
    "kafka-admin": needs("kafka"),
    libfaketime: libfaketime.path === null ? `needs libfaketime: ${libfaketime.command}` : true,
  };
}
