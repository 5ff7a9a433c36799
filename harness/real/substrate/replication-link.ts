import { connect } from "node:net";
import { EdgeTap } from "../network/edge-tap.ts";
import { messageReader } from "../network/message-reader.ts";

const HOST = "127.0.0.1";

/**
 * Where a standby finds its primary: a port that never changes, since the standby outlives the edges of each run.
 * Between runs it leads to the primary, so the standby goes on following; during a run the edge of the run listens
 * there. What the primary sends is counted at its own end: behind an edge that holds it, it could not be seen.
 */
export class ReplicationLink implements AsyncDisposable {
  readonly port: number;
  readonly #sleep: (ms: number) => Promise<void>;
  readonly #standbyEnd: EdgeTap;
  readonly #primaryEnd: EdgeTap;

  private constructor(port: number, primaryPort: number, sleep: (ms: number) => Promise<void>) {
    this.port = port;
    this.#sleep = sleep;
    this.#primaryEnd = tapTo(() => primaryPort);
    this.#standbyEnd = tapTo(() => this.upstreamPort);
  }

  /** Opens it, leading to the primary. */
  static async open(
    port: number,
    primaryPort: number,
    sleep: (ms: number) => Promise<void>,
  ): Promise<ReplicationLink> {
    const link = new ReplicationLink(port, primaryPort, sleep);
    await link.#primaryEnd.start(0, sleep);
    await link.lead();
    return link;
  }

  /** Where an edge reaches the primary. */
  get upstreamPort(): number {
    return this.#primaryEnd.port;
  }

  /** Pieces of data that the primary has sent so far. */
  sentDown(): number {
    return this.#primaryEnd.traffic().piecesDown;
  }

  /** Leads to the primary, once nobody else listens on the port. Harmless when it does already. */
  async lead(): Promise<void> {
    await this.#standbyEnd.start(this.port, this.#sleep);
  }

  /** Breaks the standby's connection and frees the port for an edge; the standby tries again every 100 ms. */
  async free(): Promise<void> {
    await this.#standbyEnd.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.free();
    await this.#primaryEnd.stop();
  }
}

function tapTo(port: () => number): EdgeTap {
  return new EdgeTap({
    host: HOST,
    newReader: () => messageReader("opaque"),
    dial: () => connect({ host: HOST, port: port(), allowHalfOpen: true, noDelay: true }),
  });
}
