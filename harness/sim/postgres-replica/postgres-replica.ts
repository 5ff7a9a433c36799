import type { RandomStream } from "../../random/random-stream.ts";
import type { Channel, Network } from "../network.ts";
import type { PostgresError } from "../postgres/postgres-error.ts";
import { type PostgresEndpoint, PostgresServer } from "../postgres/postgres-server.ts";
import type { Session } from "../postgres/session.ts";
import { Store } from "../postgres/store.ts";
import type { UnsupportedByPostgresModelError } from "../postgres/unsupported-by-postgres-model-error.ts";
import { standbyPositions } from "../postgres/wal-position.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Owner, SimEvent } from "../sim-event.ts";
import { Replay } from "./replay.ts";
import { defaultReplicaSettings, type ReplicaSettings } from "./replica-settings.ts";

/** What a replica is made of. */
export interface PostgresReplicaOptions {
  readonly scheduler: Scheduler;
  /** The log travels over it, from the primary's node to the replica's. */
  readonly network: Network;
  /** Decides the lag of each commit, and the server's own races. */
  readonly random: RandomStream;
  /** Its node in the network. */
  readonly name: string;
  readonly primary: PostgresServer;
  readonly settings?: Partial<ReplicaSettings>;
}

/**
 * A model of a streaming replica (hot standby): a server of its own that answers reads from a prefix of
 * the primary's commits. It keeps no rows: it reads the versions that the primary keeps, up to the
 * commit that it has replayed. Tables are seen as soon as they are created; a long read is never
 * cancelled by the replay.
 */
export class PostgresReplica implements PostgresEndpoint {
  readonly #options: PostgresReplicaOptions;
  readonly #settings: ReplicaSettings;
  readonly #server: PostgresServer;
  readonly #store: Store;
  readonly #replay: Replay;
  readonly #stream: Channel;
  /** Has anything of the log come in this life? The first one begins with all that there is. */
  #isStreaming = true;
  /** Looks, after some time, whether something sent has not arrived. */
  #check: SimEvent | null = null;

  constructor(options: PostgresReplicaOptions) {
    const { scheduler, network, random, name, primary } = options;
    const settings = { ...defaultReplicaSettings, ...options.settings };
    this.#options = options;
    this.#settings = settings;
    this.#store = new Store(primary.store.tables);
    this.#store.commitSeq = primary.store.commitSeq;
    const wal = standbyPositions(
      () => this.#store.commitSeq,
      () => (this.#isStreaming ? this.#replay.received : null),
    );
    this.#server = new PostgresServer({ scheduler, random, name, standby: { store: this.#store, wal } });
    const lagNs = [settings.lagMsMin, settings.lagMsMax].map((ms) => Math.round(ms * 1e6));
    const [min = 0, max = 0] = lagNs;
    const drawLagNs = () => random.integer(min, max);
    const apply = (seq: number) => {
      this.#store.commitSeq = seq;
    };
    this.#replay = new Replay({ scheduler, drawLagNs, apply }, this.#server.life, this.#store.commitSeq);
    this.#stream = network.open(name, primary.name);
    primary.store.followers.push({
      oldestSnapshotSeq: () => this.#store.oldestSnapshotSeq(),
      committed: () => {
        this.#replay.write();
        this.#send();
        this.#watch();
      },
    });
  }

  get name(): string {
    return this.#server.name;
  }

  get machine(): Owner {
    return this.#server.machine;
  }

  get refusals(): UnsupportedByPostgresModelError[] {
    return this.#server.refusals;
  }

  /** Whether it accepts connections. */
  get up(): boolean {
    return this.#server.up;
  }

  /** How many messages and timers wait while the process is paused. */
  get waitingEvents(): number {
    return this.#server.waitingEvents;
  }

  /** Commits that are received and wait for their replay. */
  get waitingCommits(): number {
    return this.#replay.received - this.#replay.applied;
  }

  /** Commits that have arrived, since the beginning. */
  get receivedCommits(): number {
    return this.#replay.received;
  }

  connect(client: string): Session | PostgresError | null {
    return this.#server.connect(client);
  }

  /** Does this client node have a session? */
  hasBackend(client: string): boolean {
    return this.#server.hasBackend(client);
  }

  /** What `pg_terminate_backend` does to one session of a client node; false if it has none. */
  terminateBackend(client: string): boolean {
    return this.#server.terminateBackend(client);
  }

  /** Nobody gets a new session until the answer is disposed. */
  takeSlots(): Disposable & { refused(): number } {
    return this.#server.takeSlots();
  }

  /** The server dies at once; what it has received and replayed stays. */
  crash(): void {
    this.#server.crash();
  }

  /** Accepts connections again, and catches up: a pause of the replay is forgotten. Harmless when it is up already. */
  restart(): void {
    if (this.up) return;
    this.#server.restart();
    this.#isStreaming = false;
    this.#replay.continueAs(this.#server.life);
    this.#send();
    this.#watch();
  }

  /** The process is stopped: neither answers nor replays. */
  pause(): void {
    this.#server.pause();
  }

  /** The process goes on. */
  resume(): void {
    this.#server.resume();
  }

  /** Replays nothing until {@link resumeReplay} or a restart; goes on answering. */
  pauseReplay(): void {
    this.#replay.pause();
  }

  /** Replays what waits, in order. */
  resumeReplay(): void {
    this.#replay.resume();
  }

  /** A commit is seen so many milliseconds after it happened, or later; 0 is the usual. */
  setApplyDelay(delayMs: number): void {
    this.#replay.setDelay(delayMs);
  }

  /** Sends the log up to its end: what was lost on the way arrives with what follows. */
  #send(): void {
    const seq = this.#replay.written;
    const { life, machine } = this.#server;
    this.#stream.send({
      kind: "answer",
      duplicable: false,
      internal: true,
      label: "log",
      caller: machine,
      receiver: life,
      deliver: () => {
        this.#isStreaming = true;
        this.#replay.receive(seq);
      },
      // The replica connects again when it has heard nothing for a while.
      reset: () => {},
    });
  }

  /** A timer runs only while something is under way, so that a quiet system stays quiet. */
  #watch(): void {
    const { scheduler, primary } = this.#options;
    const look = () => {
      this.#check = null;
      if (!this.up || this.#replay.received === this.#replay.written) return;
      if (primary.up) this.#send();
      this.#watch();
    };
    this.#check ??= scheduler.schedule(this.#settings.receiverTimeoutMs * 1e6, "log check", look, {
      owner: this.#server.machine,
      cause: -1,
      internal: true,
    });
  }
}
