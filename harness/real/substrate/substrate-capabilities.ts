import type { FaultCapabilities } from "../../faults/impossible-faults.ts";

/** What faults can have of servers that the harness itself started. `libfaketime`: true, or why it is not there. */
export function ownServers(libfaketime: true | string): FaultCapabilities {
  return {
    proxies: true,
    processes: true,
    "postgres-superuser": true,
    "postgres-sessions": true,
    "postgres-slots": true,
    "kafka-admin": true,
    libfaketime,
  };
}

const othersToo = "the servers of the external substrate are somebody else's";

/** What faults can have where only the services and the proxies are ours: nothing that would hit others. */
export function serversOfOthers(libfaketime: true | string): FaultCapabilities {
  return {
    ...ownServers(libfaketime),
    "postgres-superuser": `${othersToo}: a replica is not made to wait`,
    "postgres-slots": `${othersToo}: their connections are not used up`,
    replication: `${othersToo}: a replica follows its primary past the proxies`,
    storeProcesses: `${othersToo}: they are not killed, paused or stopped`,
  };
}
