import {
  canHit,
  type FaultCapabilities,
  type FaultLane,
  type FaultPlace,
  type FaultsAt,
  faultPlaces,
  impossibleFaults,
  nameAt,
} from "../harness/faults/impossible-faults.ts";
import { faults } from "../harness/faults/index.ts";
import { clockOffsets, type LibfaketimeSearch } from "../harness/real/components/libfaketime.ts";
import type { ExternalAddresses } from "../harness/real/substrate/external-addresses.ts";
import { type SubstrateName, substrateNames } from "../harness/real/substrate/substrate.ts";
import { ownServers, serversOfOthers } from "../harness/real/substrate/substrate-capabilities.ts";
import type { ExaminedComponent } from "./examine-components.ts";

/** A place that a fault cannot hit on a substrate that can have it otherwise. */
export interface SparedPlace {
  readonly substrate: SubstrateName;
  readonly place: FaultPlace;
  readonly why: string;
}

/**
 * Where a fault is possible: true, or why not; in the sim lane, and on each substrate of the real one, provided that the
 * substrate can run here.
 */
export interface PossibleFault extends Readonly<Record<"sim" | SubstrateName, true | string>> {
  readonly name: string;
  readonly does: string;
  readonly spared: readonly SparedPlace[];
}

/** What faults can have on each substrate. */
export type SubstrateCapabilities = Readonly<Record<SubstrateName, FaultCapabilities>>;

/** Every fault, with where it is possible: by the rule that refuses a run with one that is not. */
export function possibleFaults(capabilities: SubstrateCapabilities): readonly PossibleFault[] {
  const everywhere = Object.fromEntries(
    faultPlaces.map((place) => [
      place,
      new Set(faults.filter((fault) => canHit(fault, place)).map(({ name }) => name)),
    ]),
  ) as unknown as FaultsAt;
  const reasons = (where: FaultLane): ReadonlyMap<string, string> =>
    new Map(impossibleFaults(faults, where, everywhere).map(({ fault, why }) => [fault, why]));
  const sim = reasons({ lane: "sim" });
  const on = Object.fromEntries(
    substrateNames.map((name) => [name, reasons({ lane: "real", capabilities: capabilities[name] })]),
  ) as Record<SubstrateName, ReadonlyMap<string, string>>;
  return faults.map(({ name, does }) => ({
    name,
    does,
    sim: sim.get(name) ?? true,
    local: on.local.get(name) ?? true,
    docker: on.docker.get(name) ?? true,
    external: on.external.get(name) ?? true,
    spared: substrateNames.flatMap((substrate) =>
      faultPlaces.flatMap((place) => {
        const why = on[substrate].get(nameAt(name, place));
        return why === undefined ? [] : [{ substrate, place, why }];
      }),
    ),
  }));
}

/** What faults can have on each substrate: what a substrate hands to its runs, less what this machine lacks. */
export function capabilitiesHere(
  components: readonly ExaminedComponent[],
  libfaketime: LibfaketimeSearch,
  addresses: ExternalAddresses = {},
): SubstrateCapabilities {
  const offset = clockOffsets(libfaketime);
  const component = (kind: ExaminedComponent["kind"]): true | string =>
    components.some((some) => some.kind === kind && some.startMs !== null) ? true : `needs ${kind}`;
  // All traffic goes through it, so without it no run begins, whatever the fault needs.
  const proxies = component("toxiproxy");
  const also = (other: true | string): true | string => (other === true ? proxies : other);
  // Where nothing is configured the question is what could be, if something were.
  const isConfigured = Object.keys(addresses).length > 0;
  const address = (kind: keyof ExternalAddresses): true | string =>
    !isConfigured || addresses[kind] !== undefined ? true : `needs \`external.${kind}\` in the configuration`;
  return {
    local: {
      ...ownServers(also(offset)),
      proxies,
      processes: proxies,
      "postgres-superuser": also(component("postgres")),
      "postgres-sessions": also(component("postgres")),
      "postgres-slots": also(component("postgres")),
      "kafka-admin": also(component("kafka")),
    },
    docker: ownServers(offset),
    external: {
      ...serversOfOthers(also(offset)),
      proxies,
      processes: proxies,
      "postgres-sessions": also(address("postgres")),
      "kafka-admin": also(address("kafka")),
    },
  };
}
