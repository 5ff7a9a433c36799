import { connect } from "node:net";
import { Toxiproxy } from "toxiproxy-node-client";
import { EdgeTap } from "./edge-tap.ts";
import { messageReader } from "./message-reader.ts";
import type { EdgeProtocol } from "./message-rule.ts";
import type { ProxyEdge } from "./proxy-edge.ts";
import type { MessageReader } from "./read-piece.ts";
import { ToxiproxyEdge } from "./toxiproxy-edge.ts";
import type { WriteUndo } from "./undo.ts";

/** Where a proxy is to listen on the proxy server's machine, and how that is reached from here. */
export interface ProxyAddress {
  /** As Toxiproxy takes it: `127.0.0.1:0`, port 0 for a free one. */
  readonly listen: string;
  readonly host: string;
  /** Null: the port on which it then listens. */
  readonly port: number | null;
}

/** The Toxiproxy server, and the surroundings. */
export interface EdgeNetworkOptions {
  /** Of its interface, as `http://127.0.0.1:8474`. */
  readonly toxiproxyUrl: string;
  /** Begins the name of every proxy: two runs may share one server. */
  readonly prefix?: string;
  readonly journal: WriteUndo;
  readonly sleep: (ms: number) => Promise<void>;
  /** By default a free port on the loopback interface. */
  readonly nextProxyAddress?: () => ProxyAddress;
}

/** What may be said about an edge. */
export interface EdgeOptions {
  /** By default `opaque`. */
  readonly protocol?: EdgeProtocol;
  /** In the place of the reader of that protocol: one for each new connection. */
  readonly newReader?: () => MessageReader;
  /** Where the client connects to; by default a free port. */
  readonly listenPort?: number;
  /** The server's address as the proxy server sees it; by default 127.0.0.1. */
  readonly upstreamHost?: string;
  /** Pieces of data that the server has sent so far, where that is counted at its end too. */
  readonly sentDown?: () => number;
}

const LOOPBACK = "127.0.0.1";

/** The edges of a system of the real lane, from each client to each server that it uses. */
export class EdgeNetwork {
  readonly #options: EdgeNetworkOptions;
  readonly #toxiproxy: Toxiproxy;
  readonly #edges: { readonly edge: ToxiproxyEdge; readonly close: () => Promise<void> }[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: EdgeNetworkOptions) {
    this.#options = options;
    this.#toxiproxy = new Toxiproxy(options.toxiproxyUrl);
  }

  /**
   * Makes the edge from a client to the server that listens on a port. The server need not run yet.
   * Proxies are created one at a time, disabled, and enabled when the edge is whole.
   */
  open(from: string, to: string, upstreamPort: number, options: EdgeOptions = {}): Promise<ProxyEdge> {
    const opened = this.#last.then(() => this.#open(from, to, upstreamPort, options));
    this.#last = opened.catch(() => {});
    return opened;
  }

  /** The edges on which one node connects to another. */
  edges(from: string, to: string): readonly ProxyEdge[] {
    return this.#edges.flatMap(({ edge }) => (edge.from === from && edge.to === to ? [edge] : []));
  }

  /** Breaks every connection and takes every proxy away. Harmless when it was done, or the server is gone. */
  async close(): Promise<void> {
    await this.#last;
    for (const { close } of this.#edges.splice(0)) await close();
  }

  async #open(from: string, to: string, upstreamPort: number, options: EdgeOptions): Promise<ProxyEdge> {
    const { prefix = "", journal, sleep, nextProxyAddress } = this.#options;
    const address = nextProxyAddress?.() ?? { listen: `${LOOPBACK}:0`, host: LOOPBACK, port: null };
    const name = `${prefix}${from}-to-${to}-${this.#edges.length}`;
    const { listen } = address;
    const { upstreamHost = LOOPBACK, protocol = "opaque", newReader } = options;
    const upstream = `${upstreamHost.includes(":") ? `[${upstreamHost}]` : upstreamHost}:${upstreamPort}`;
    const created = await this.#toxiproxy.createProxy({ name, listen, upstream, enabled: false });
    try {
      const proxy = await created.update({ listen, upstream, enabled: true });
      const port = address.port ?? Number(proxy.listen.slice(proxy.listen.lastIndexOf(":") + 1));
      const tap = new EdgeTap({
        host: LOOPBACK,
        newReader: newReader ?? (() => messageReader(protocol)),
        dial: () => connect({ host: address.host, port, allowHalfOpen: true, noDelay: true }),
      });
      await tap.start(options.listenPort ?? 0, sleep);
      const { sentDown = null } = options;
      const edge = new ToxiproxyEdge({ from, to, upstreamPort, proxy, tap, sentDown, journal, sleep });
      const close = async () => {
        await tap.stop();
        await proxy.remove().catch(() => {});
      };
      this.#edges.push({ edge, close });
      return edge;
    } catch (error) {
      await created.remove().catch(() => {});
      throw error;
    }
  }
}
