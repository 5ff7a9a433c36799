import type { Message } from "./network.ts";
import type { Owner } from "./sim-event.ts";

/**
 * What a client sends last on a connection to a store's machine: `arrive` closes the server's end. It does so
 * after a reset too, since a connection that is reset is closed at both ends. The server's machine, not the
 * client's, carries it: a client that has crashed is no reason to keep the other end open.
 */
export function closeMessage(machine: Owner, arrive: () => void): Message {
  return {
    kind: "close",
    duplicable: false,
    internal: true,
    label: "close",
    caller: machine,
    receiver: machine,
    deliver: arrive,
    reset: arrive,
  };
}
