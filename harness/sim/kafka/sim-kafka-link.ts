import { closeMessage } from "../close-message.ts";
import type { Channel, Network } from "../network.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Owner } from "../sim-event.ts";
import type { KafkaAnswer } from "./kafka-answer.ts";
import type { KafkaServer } from "./kafka-server.ts";
import type { KafkaSession } from "./kafka-session.ts";

/** Who connects to what. */
export interface LinkOptions {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly server: KafkaServer;
  readonly clientNode: string;
  readonly owner: Owner;
}

/** One request on its way; `serve` runs at the server. */
export interface LinkRequest {
  readonly label: string;
  readonly expectsAnswer?: boolean;
  serve(session: KafkaSession, reply: (answer: KafkaAnswer<unknown>) => void): void;
}

/** How a connection ended: nobody listens, it broke, or the server closed it. */
export type LinkLoss = "refused" | "reset" | "closed";

/** One TCP connection between a client and the model's server, from its opening to its end. */
export class SimKafkaLink {
  /** Requests go through while it is open. */
  state: "opening" | "open" | "ended" = "opening";
  /** When it was opened, in virtual nanoseconds. */
  openedNs = 0;
  readonly #options: LinkOptions;
  readonly #channel: Channel;
  readonly #onOpen: () => void;
  readonly #onLost: (lost: LinkLoss) => void;
  /** The server's side, once it is there. */
  #session: KafkaSession | null = null;
  #closedAtServer = false;

  constructor(options: LinkOptions, onOpen: () => void, onLost: (lost: LinkLoss) => void) {
    this.#options = options;
    this.#channel = options.network.open(options.clientNode, options.server.name);
    this.#onOpen = onOpen;
    this.#onLost = onLost;
    this.#toServer("connect", () => this.#arriveConnect());
  }

  /** Sends a request; its answer is dropped once the connection has ended. */
  send(request: LinkRequest, onAnswer: (answer: KafkaAnswer<unknown>) => void): void {
    this.#toServer(request.label, () => {
      const session = this.#session;
      if (session === null) {
        // The session is gone: the server's machine answers with a reset.
        this.#toClient("reset", false, () => this.#lose("reset"));
        return;
      }
      this.#options.server.arrive(() => {
        session.receive(
          (reply) => request.serve(session, reply),
          (answer) => {
            if (request.expectsAnswer === false) return;
            const quiet = answer.ok && answer.quiet === true;
            this.#toClient(request.label, quiet, () => onAnswer(answer));
          },
        );
      });
    });
  }

  /** Gives the connection up and tells the server. */
  close(): void {
    if (this.state === "ended") return;
    this.state = "ended";
    this.#sendClose();
  }

  #arriveConnect(): void {
    if (this.#closedAtServer) return;
    const { server } = this.#options;
    // Accepted by the machine, also while the server is paused.
    const session = server.connect();
    this.#session = session;
    if (session === null) {
      this.#toClient("refused", false, () => this.#lose("refused"));
      return;
    }
    session.onLost = () => {
      this.#session = null;
      this.#toClient("connection lost", false, () => this.#lose("closed"));
    };
    this.#toClient("connected", false, () => {
      if (this.state !== "opening") return;
      this.state = "open";
      this.openedNs = this.#options.scheduler.now;
      this.#onOpen();
    });
  }

  #arriveClose(): void {
    this.#closedAtServer = true;
    if (this.#session !== null) this.#options.server.forget(this.#session);
    this.#session = null;
  }

  #lose(lost: LinkLoss): void {
    if (this.state === "ended") return;
    this.state = "ended";
    this.#sendClose();
    this.#onLost(lost);
  }

  #toServer(label: string, deliver: () => void): void {
    const { server, owner } = this.#options;
    this.#channel.send({
      kind: "request",
      duplicable: false,
      internal: true,
      label,
      caller: owner,
      receiver: server.machine,
      deliver,
      reset: () => this.#lose("reset"),
      ...(label === "connect" && { refuse: () => this.#lose("refused") }),
    });
  }

  #toClient(label: string, internal: boolean, deliver: () => void): void {
    const { owner } = this.#options;
    this.#channel.send({
      kind: "answer",
      duplicable: false,
      internal,
      label,
      caller: owner,
      receiver: owner,
      deliver: () => {
        if (this.state !== "ended") deliver();
      },
      reset: () => this.#lose("reset"),
    });
  }

  #sendClose(): void {
    const { server } = this.#options;
    this.#channel.send(closeMessage(server.machine, () => this.#arriveClose()));
  }
}
