import type { MessageRule } from "./message-rule.ts";

/** Requests travel `upstream`, from the client to the server; answers `downstream`. */
export type EdgeStream = "upstream" | "downstream";

/** A toxic of Toxiproxy: what it does to the bytes of one direction (https://github.com/Shopify/toxiproxy#toxics). */
export type ToxicSpec =
  | { readonly type: "latency"; readonly stream: EdgeStream; readonly latencyMs: number }
  | { readonly type: "bandwidth"; readonly stream: EdgeStream; readonly rateKBps: number }
  | {
      readonly type: "slicer";
      readonly stream: EdgeStream;
      readonly sizeBytes: number;
      readonly delayUs: number;
    }
  /** Swallows; closes the connection when it is removed. */
  | { readonly type: "timeout"; readonly stream: EdgeStream }
  | { readonly type: "reset_peer"; readonly stream: EdgeStream }
  | { readonly type: "slow_close"; readonly stream: EdgeStream; readonly delayMs: number };

/** A toxic that is on. */
export interface ArmedToxic {
  /** Takes it off; harmless when it is off. */
  remove(): Promise<void>;
}

/** What has passed the client's end of an edge so far, counted as it passes. */
export interface EdgeTraffic {
  /** Connections that were opened. */
  readonly opened: number;
  /** Connections that are open. */
  readonly open: number;
  /** Connections that the client closed. */
  readonly closedByClient: number;
  /** Pieces of data that went upstream, as they were read from the socket. */
  readonly piecesUp: number;
  readonly piecesDown: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Pieces that the server sent, whether they came through or not; null where only the client's end is watched. */
  readonly sentDown: number | null;
}

/**
 * The way from one client node to one server: a Toxiproxy proxy of its own, and before it, at the
 * client's end, a tap in the harness that counts what passes and can hit single messages. (Toxiproxy
 * counts bytes only when a connection ends, and knows no messages.)
 */
export interface ProxyEdge {
  readonly from: string;
  readonly to: string;
  /** Where the client connects to. */
  readonly listenPort: number;
  /** Where the server listens. */
  readonly upstreamPort: number;
  /** Arms a toxic. It is written to the journal before. */
  addToxic(toxic: ToxicSpec): Promise<ArmedToxic>;
  /** Refuses new connections and cuts the open ones. Answers how many it cut. Written to the journal before. */
  disable(): Promise<number>;
  /** Accepts connections; harmless when it does already. */
  enable(): Promise<void>;
  /** What passed so far. */
  traffic(): EdgeTraffic;
  /** What passed so far, in bytes. */
  bytes(): Promise<{ readonly up: number; readonly down: number }>;
  /** Hits single messages of the edge until the answer is called. */
  arm(rule: MessageRule): () => void;
}
