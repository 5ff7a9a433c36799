import type { HttpService, ServiceFetch } from "../run/system.ts";
import { lightRequest } from "./light-request.ts";
import { lightResponse } from "./light-response.ts";
import type { Channel, MessageKind, Network } from "./network.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Owner } from "./sim-event.ts";
import type { SimProcess } from "./sim-process.ts";

/** The world that a `fetch` reaches. */
export interface FetchWorld {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly processes: ReadonlyMap<string, SimProcess>;
  /** Owns messages that concern no living process. */
  readonly root: Owner;
}

/**
 * `fetch` over the simulated network, for one life of one node. Errors have the shape of Node's own
 * `fetch`: `TypeError: fetch failed` whose cause has the code `ECONNREFUSED` (nothing was sent to a
 * service) or `ECONNRESET` (it may have been); an aborted signal rejects with its reason.
 */
export function createSimFetch(world: FetchWorld, node: string, owner: Owner): ServiceFetch {
  return (url, init = {}) =>
    new Promise((resolve, reject) => {
      const callee = hostOf(url);
      const exchange = new Exchange(world, world.network.open(node, callee), owner, url, init);
      exchange.run(resolve, reject);
    });
}

/** One request and its answer. A duplicated request is handled twice; the first answer counts. */
class Exchange {
  readonly #world: FetchWorld;
  readonly #channel: Channel;
  readonly #owner: Owner;
  readonly #url: string;
  readonly #init: RequestInit;
  readonly #label: string;
  readonly #signal: AbortSignal | null;
  #accepted = false;
  #refused = false;
  #settle: Settle | null = null;
  readonly #abort = (): void => this.#reject(this.#signal?.reason);

  constructor(world: FetchWorld, channel: Channel, owner: Owner, url: string, init: RequestInit) {
    this.#world = world;
    this.#channel = channel;
    this.#owner = owner;
    this.#url = url;
    this.#init = init;
    this.#signal = init.signal ?? null;
    this.#label = init.method ?? "GET";
  }

  run(resolve: (response: Response) => void, reject: (error: unknown) => void): void {
    this.#settle = { resolve, reject };
    const signal = this.#signal;
    if (signal?.aborted) {
      this.#reject(signal.reason);
      return;
    }
    signal?.addEventListener("abort", this.#abort);
    const process = this.#world.processes.get(this.#channel.callee);
    if (process === undefined) {
      this.#reject(connectionError("ENOTFOUND", `getaddrinfo ENOTFOUND ${this.#channel.callee}`));
      return;
    }
    const refuse = () => {
      if (!this.#accepted)
        this.#reject(connectionError("ECONNREFUSED", `connect ECONNREFUSED ${process.name}`));
    };
    this.#send("request", this.#world.root, () => this.#arrive(process), refuse);
  }

  #send(kind: MessageKind, receiver: Owner, deliver: () => void, refuse?: () => void): void {
    this.#channel.send({
      kind,
      duplicable: kind === "request",
      internal: false,
      label: this.#label,
      caller: this.#owner,
      receiver,
      deliver,
      reset: () => this.#reject(connectionError("ECONNRESET", "read ECONNRESET")),
      ...(refuse === undefined ? {} : { refuse }),
    });
  }

  #arrive(process: SimProcess): void {
    if (process.paused) {
      this.#wait(process);
      return;
    }
    const { service } = process;
    // A caller that was refused sent nothing that could arrive twice; one that was accepted is not
    // refused any more, whatever becomes of the second copy.
    if (this.#refused || (service === null && this.#accepted)) return;
    this.#accepted = service !== null;
    this.#refused = service === null;
    if (service === null) {
      const refused = connectionError("ECONNREFUSED", `connect ECONNREFUSED ${process.name}`);
      this.#send("answer", this.#owner, () => this.#reject(refused));
      return;
    }
    const forget = process.onDeath(() => {
      const broken = connectionError("ECONNRESET", "read ECONNRESET");
      this.#send("answer", this.#owner, () => this.#reject(broken));
    });
    this.#world.scheduler.adopt(process.owner);
    const handled = process.handling();
    void this.#handle(service).then((answer) => {
      forget();
      handled();
      this.#send("answer", this.#owner, () => this.#resolve(answer));
    });
  }

  /** The machine accepts the connection; the process reads from it when it goes on. */
  #wait(process: SimProcess): void {
    const forget = process.onDeath(() => {
      const broken = connectionError("ECONNRESET", "read ECONNRESET");
      this.#send("answer", this.#owner, () => this.#reject(broken));
    });
    const goOn = () => {
      forget();
      this.#arrive(process);
    };
    this.#world.scheduler.schedule(0, this.#label, goOn, { owner: process.owner });
  }

  async #handle(service: HttpService): Promise<PlainAnswer> {
    try {
      const response = await service.fetch(this.#request());
      const body = await response.text();
      return { status: response.status, headers: response.headers, body };
    } catch {
      return { status: 500, headers: new Headers(), body: "" };
    }
  }

  /** Made anew for each delivery: a duplicated request is read twice. */
  #request(): Request {
    const { method = "GET", headers, body = null } = this.#init;
    const plain = body === null || typeof body === "string";
    // A caller that gives up does not stop the service.
    if (!plain) return new Request(this.#url, { ...this.#init, signal: null });
    const copied = new Headers(headers);
    if (body !== null && !copied.has("content-type")) copied.set("content-type", "text/plain;charset=UTF-8");
    return lightRequest(this.#url, method, copied, body);
  }

  #resolve({ status, headers, body }: PlainAnswer): void {
    const withoutBody = status === 204 || status === 304;
    this.#settled()?.resolve(lightResponse(withoutBody ? null : body, status, headers));
  }

  #reject(error: unknown): void {
    this.#settled()?.reject(error);
  }

  /** How to settle it; null where that has happened. A signal that goes off later finds nobody. */
  #settled(): Settle | null {
    const settle = this.#settle;
    if (settle !== null) this.#signal?.removeEventListener("abort", this.#abort);
    this.#settle = null;
    return settle;
  }
}

interface Settle {
  readonly resolve: (response: Response) => void;
  readonly reject: (error: unknown) => void;
}

interface PlainAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

function connectionError(code: string, message: string): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) });
}

function hostOf(url: string): string {
  const start = url.indexOf("://") + 3;
  const end = url.indexOf("/", start);
  return end < 0 ? url.slice(start) : url.slice(start, end);
}
