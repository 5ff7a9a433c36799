import type { ICreateToxicBody, Proxy as ToxiproxyProxy } from "toxiproxy-node-client";
import type { EdgeTap } from "./edge-tap.ts";
import type { MessageRule } from "./message-rule.ts";
import type { ArmedToxic, EdgeTraffic, ProxyEdge, ToxicSpec } from "./proxy-edge.ts";
import type { WriteUndo } from "./undo.ts";

/** What an edge is made of. */
export interface ToxiproxyEdgeOptions {
  readonly from: string;
  readonly to: string;
  readonly upstreamPort: number;
  /** As it is since it was enabled: with the port on which it listens. */
  readonly proxy: ToxiproxyProxy;
  readonly tap: EdgeTap;
  /** Counts at the server's end; null: nothing does. */
  readonly sentDown: (() => number) | null;
  readonly journal: WriteUndo;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Toxiproxy may fail to listen again on a port that is in use for a moment. */
const ENABLE_ATTEMPTS = 25;

/** An edge over one proxy of a Toxiproxy server and the tap before it. */
export class ToxiproxyEdge implements ProxyEdge {
  readonly from: string;
  readonly to: string;
  readonly upstreamPort: number;
  readonly #options: ToxiproxyEdgeOptions;
  readonly #resetting = new Set<object>();
  #toxics = 0;
  #enabled: (() => void) | null = null;

  constructor(options: ToxiproxyEdgeOptions) {
    this.#options = options;
    this.from = options.from;
    this.to = options.to;
    this.upstreamPort = options.upstreamPort;
  }

  get listenPort(): number {
    return this.#options.tap.port;
  }

  async addToxic(spec: ToxicSpec): Promise<ArmedToxic> {
    const { proxy, journal, tap } = this.#options;
    const name = `${spec.type}-${++this.#toxics}`;
    const undone = journal({ kind: "toxic", proxy: proxy.name, toxic: name });
    const toxic = await proxy.addToxic({ ...bodyOf(spec), name });
    if (spec.type === "reset_peer") this.#resetting.add(toxic);
    tap.endsAsReset = this.#resetting.size > 0;
    let removed: Promise<void> | null = null;
    return {
      remove: () => {
        removed ??= toxic.remove().then(() => {
          this.#resetting.delete(toxic);
          tap.endsAsReset = this.#resetting.size > 0;
          undone();
        });
        return removed;
      },
    };
  }

  async disable(): Promise<number> {
    if (this.#enabled !== null) return 0;
    const { proxy, tap, journal } = this.#options;
    this.#enabled = journal({ kind: "disabled", proxy: proxy.name });
    const cut = await tap.stop();
    await proxy.update({ ...addressesOf(proxy), enabled: false });
    return cut;
  }

  async enable(): Promise<void> {
    const undone = this.#enabled;
    if (undone === null) return;
    const { tap, sleep } = this.#options;
    await this.#enableProxy();
    await tap.start(0, sleep);
    this.#enabled = null;
    undone();
  }

  traffic(): EdgeTraffic {
    const { tap, sentDown } = this.#options;
    return { ...tap.traffic(), sentDown: sentDown?.() ?? null };
  }

  async bytes(): Promise<{ readonly up: number; readonly down: number }> {
    const { bytesUp, bytesDown } = this.traffic();
    return { up: bytesUp, down: bytesDown };
  }

  arm(rule: MessageRule): () => void {
    return this.#options.tap.arm(rule);
  }

  async #enableProxy(): Promise<void> {
    const { proxy, sleep } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        await proxy.update({ ...addressesOf(proxy), enabled: true });
        return;
      } catch (error) {
        if (attempt === ENABLE_ATTEMPTS) throw error;
        await sleep(20);
      }
    }
  }
}

function addressesOf({ listen, upstream }: ToxiproxyProxy): { listen: string; upstream: string } {
  return { listen, upstream };
}

/** Jitter 0 and toxicity 1: everything that is drawn is drawn with the plan. */
function bodyOf(spec: ToxicSpec): Omit<ICreateToxicBody<object>, "name"> {
  const { type, stream } = spec;
  const attributes = attributesOf(spec);
  return { type, stream, toxicity: 1, attributes };
}

function attributesOf(spec: ToxicSpec): object {
  switch (spec.type) {
    case "latency":
      return { latency: spec.latencyMs, jitter: 0 };
    case "bandwidth":
      return { rate: spec.rateKBps };
    case "slicer":
      return { average_size: spec.sizeBytes, size_variation: 0, delay: spec.delayUs };
    case "slow_close":
      return { delay: spec.delayMs };
    case "timeout":
    case "reset_peer":
      return { timeout: 0 };
  }
}
