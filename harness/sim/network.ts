import type { Scheduler } from "./scheduler.ts";
import type { Owner } from "./sim-event.ts";

/** Does the message ask for something, answer, or close the connection? */
export type MessageKind = "request" | "answer" | "close";

/** One message on its way. */
export interface Message {
  readonly kind: MessageKind;
  /** HTTP exchanges may be delivered twice by a proxy that retries; a database connection may not. */
  readonly duplicable: boolean;
  /** True where no promise of user code can settle at the receiver: nothing needs to be drained then. */
  readonly internal: boolean;
  /** For the event log: the method of a request, the kind of a statement (`GET`, `commit`); the same for its answer. */
  readonly label: string;
  /** Told of a reset, unless it is dead by then. */
  readonly caller: Owner;
  /** Dropped undelivered when this owner is dead by then. */
  readonly receiver: Owner;
  /** Runs at the receiver. */
  deliver(): void;
  /** Runs at the caller, when the connection is reset under the message. */
  reset(): void;
  /**
   * Runs at the caller, when nobody listens where the message goes. Without it, or where the connection
   * was open before, a refusal is a reset.
   */
  readonly refuse?: () => void;
}

/**
 * What becomes of a message: `hold` keeps it until the edge is released (a partition: TCP sends it
 * again until it heals), `drop` loses it without a word, `swallow` does so and breaks the connection when
 * the edge is released, `reset` loses it and breaks the connection, `refuse` as if nobody listened,
 * `duplicate` delivers it twice, a number delays it by that many nanoseconds, null does nothing to it.
 */
export type Fate = "hold" | "drop" | "swallow" | "reset" | "refuse" | "duplicate" | number | null;

/** Decides what becomes of each message that travels over a wire; faults are made of these. */
export type Interceptor = (message: Message, from: string, to: string) => Fate;

/** Draws how long a message takes that is sent on behalf of the client operation `cause` (−1: none), in ns. */
export type DrawLatencyNs = (cause: number) => number;

interface HeldMessage {
  readonly channel: Channel;
  readonly message: Message;
  readonly cause: number;
}

interface SwallowedMessage {
  readonly by: Interceptor;
  readonly message: Message;
  readonly cause: number;
}

/** The messages from one node to another. */
export interface Wire {
  readonly from: string;
  readonly to: string;
  readonly interceptors: Set<Interceptor>;
  readonly held: HeldMessage[];
  readonly swallowed: SwallowedMessage[];
}

/**
 * The simulated network: a wire for each (sender, receiver), with latency drawn from the schedule's
 * stream and interceptors that faults put on it. Messages of one channel never overtake each other;
 * messages of different channels may.
 */
export class Network {
  readonly #scheduler: Scheduler;
  readonly #drawLatencyNs: DrawLatencyNs;
  readonly #wires = new Map<string, Map<string, Wire>>();

  constructor(scheduler: Scheduler, drawLatencyNs: DrawLatencyNs) {
    this.#scheduler = scheduler;
    this.#drawLatencyNs = drawLatencyNs;
  }

  /** A connection from `caller` to `callee`: requests travel one way, answers the other. */
  open(caller: string, callee: string): Channel {
    return new Channel(this, this.#wire(caller, callee), this.#wire(callee, caller));
  }

  /** Puts an interceptor on the wire; calling the answer takes it off and releases what it held. */
  intercept(from: string, to: string, interceptor: Interceptor): () => void {
    const wire = this.#wire(from, to);
    wire.interceptors.add(interceptor);
    return () => {
      if (!wire.interceptors.delete(interceptor)) return;
      this.#release(wire);
      this.#breakSwallowed(wire, interceptor);
    };
  }

  /** How long the next message takes, drawn. */
  latencyNs(): number {
    return this.#drawLatencyNs(this.#scheduler.cause);
  }

  /** Used by {@link Channel}: takes a message to wherever the interceptors let it go. */
  transmit(channel: Channel, wire: Wire, message: Message, cause: number = this.#scheduler.cause): void {
    let delayNs = 0;
    let copies = 1;
    for (const interceptor of wire.interceptors) {
      const fate = interceptor(message, wire.from, wire.to);
      if (fate === null) continue;
      if (typeof fate === "number") delayNs += fate;
      else if (fate === "hold") {
        wire.held.push({ channel, message, cause });
        return;
      } else if (fate === "drop") return;
      else if (fate === "swallow") {
        wire.swallowed.push({ by: interceptor, message, cause });
        return;
      } else if (fate === "reset" || fate === "refuse") {
        this.#break(message, fate, cause);
        return;
      } else if (message.duplicable) copies = 2;
    }
    for (let copy = 0; copy < copies; copy++) this.#deliver(channel, message, delayNs, cause);
  }

  #deliver(channel: Channel, message: Message, delayNs: number, cause: number): void {
    const arrivalNs = this.#scheduler.now + this.#drawLatencyNs(cause) + delayNs;
    const inOrderNs = Math.max(arrivalNs, channel.lastArrivalNs[message.kind === "answer" ? 1 : 0] + 1);
    channel.lastArrivalNs[message.kind === "answer" ? 1 : 0] = inOrderNs;
    this.#scheduler.schedule(inOrderNs - this.#scheduler.now, message.label, () => message.deliver(), {
      owner: message.receiver,
      cause,
      internal: message.internal,
    });
  }

  #break(message: Message, how: "reset" | "refuse", cause: number): void {
    const run = () => (how === "refuse" && message.refuse ? message.refuse() : message.reset());
    const options = { owner: message.caller, cause };
    this.#scheduler.schedule(this.#drawLatencyNs(cause), `${how} ${message.label}`, run, options);
  }

  #breakSwallowed(wire: Wire, interceptor: Interceptor): void {
    for (const swallowed of wire.swallowed.splice(0)) {
      if (swallowed.by === interceptor) this.#break(swallowed.message, "reset", swallowed.cause);
      else wire.swallowed.push(swallowed);
    }
  }

  #release(wire: Wire): void {
    for (const { channel, message, cause } of wire.held.splice(0)) {
      this.transmit(channel, wire, message, cause);
    }
  }

  #wire(from: string, to: string): Wire {
    let wires = this.#wires.get(from);
    if (wires === undefined) {
      wires = new Map();
      this.#wires.set(from, wires);
    }
    const known = wires.get(to);
    if (known !== undefined) return known;
    const wire: Wire = { from, to, interceptors: new Set(), held: [], swallowed: [] };
    wires.set(to, wire);
    return wire;
  }
}

/** One connection. What is sent one way arrives in the order in which it was sent. */
export class Channel {
  /** When the last request and the last answer arrive, in virtual nanoseconds. */
  readonly lastArrivalNs: [number, number] = [-1, -1];
  readonly #network: Network;
  readonly #requests: Wire;
  readonly #answers: Wire;

  constructor(network: Network, requests: Wire, answers: Wire) {
    this.#network = network;
    this.#requests = requests;
    this.#answers = answers;
  }

  /** The node that opened it. */
  get caller(): string {
    return this.#requests.from;
  }

  /** The node that it leads to. */
  get callee(): string {
    return this.#requests.to;
  }

  /** From the caller to the callee (requests and `close`), or back (answers). */
  send(message: Message): void {
    this.#network.transmit(this, message.kind === "answer" ? this.#answers : this.#requests, message);
  }
}
