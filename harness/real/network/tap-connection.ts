import type { Socket } from "node:net";
import type { MessageFate, MessageRule } from "./message-rule.ts";
import type { MessageReader, ReadPiece } from "./read-piece.ts";

/** What a connection asks of its tap. */
export interface TapRules {
  readonly endsAsReset: boolean;
  judge(up: boolean, bytes: number, piece: ReadPiece): [MessageFate, MessageRule | null];
  /** The client closed a connection, or broke it. */
  clientClosed(): void;
  forget(connection: TapConnection): void;
}

/** One client's connection through a tap, and its counterpart to the proxy. */
export class TapConnection {
  readonly #tap: TapRules;
  readonly #client: Socket;
  readonly #proxy: Socket;
  readonly #dial: () => Socket;
  readonly #reader: MessageReader;
  /** The rule that swallows all that goes up, or down. */
  #swallowUp: MessageRule | null = null;
  #swallowDown: MessageRule | null = null;
  readonly #copies = new Set<Socket>();
  /** The client closed it, or it was reset. */
  #over = false;

  constructor(tap: TapRules, reader: MessageReader, client: Socket, dial: () => Socket) {
    this.#tap = tap;
    this.#client = client;
    this.#dial = dial;
    this.#reader = reader;
    this.#proxy = dial();
    client.on("data", (piece: Buffer) => this.#up(piece));
    this.#proxy.on("data", (piece: Buffer) => this.#down(piece));
    client.on("end", () => {
      this.#clientClosed();
      this.#proxy.end();
    });
    this.#proxy.on("end", () => {
      if (this.#tap.endsAsReset) this.reset();
      else client.end();
    });
    client.on("error", () => {
      this.#clientClosed();
      this.reset();
    });
    this.#proxy.on("error", () => this.reset());
    client.on("close", () => this.#closed(client, this.#proxy));
    this.#proxy.on("close", () => this.#closed(this.#proxy, client));
  }

  /** Does the rule swallow what comes over this connection? */
  swallowedBy(rule: MessageRule): boolean {
    return this.#swallowUp === rule || this.#swallowDown === rule;
  }

  /** Breaks the connection at both ends, with a TCP reset. */
  reset(): void {
    this.#over = true;
    this.#client.resetAndDestroy();
    this.#proxy.resetAndDestroy();
    for (const copy of this.#copies) copy.destroy();
    this.#tap.forget(this);
  }

  #up(piece: Buffer): void {
    const read = this.#reader.up(piece);
    const { pass: passed = piece } = read;
    if (this.#swallowUp !== null) return;
    const [fate, rule] = this.#tap.judge(true, piece.length, read);
    if (fate === "reset" || passed === null) this.reset();
    else if (fate === "swallow") this.#swallowUp = rule;
    else {
      pass(passed, this.#client, this.#proxy);
      if (fate === "duplicate" && read.request !== null) this.#copy(read.request);
    }
  }

  #down(piece: Buffer): void {
    const read = this.#reader.down(piece);
    const { pass: passed = piece } = read;
    if (this.#swallowDown !== null) return;
    const [fate, rule] = this.#tap.judge(false, piece.length, read);
    if (fate === "reset" || passed === null) this.reset();
    else if (fate === "swallow") this.#swallowDown = rule;
    else pass(passed, this.#proxy, this.#client);
  }

  /** Sends a request once more, on a connection of its own; the answer is read and forgotten. */
  #copy(request: Buffer): void {
    const copy = this.#dial();
    this.#copies.add(copy);
    copy.on("error", () => copy.destroy());
    copy.on("close", () => this.#copies.delete(copy));
    copy.on("data", () => copy.destroy());
    copy.on("end", () => copy.destroy());
    copy.write(request);
  }

  #clientClosed(): void {
    if (this.#over) return;
    this.#over = true;
    this.#tap.clientClosed();
  }

  /** One end is gone for good: what the other has still to send is sent, then it goes as well. */
  #closed(gone: Socket, other: Socket): void {
    if (gone.destroyed && !other.destroyed) other.destroySoon();
    if (this.#client.destroyed && this.#proxy.destroyed) this.#tap.forget(this);
  }
}

/** Writes a piece; the sender waits while the receiver has too much to write. */
function pass(piece: Buffer, from: Socket, to: Socket): void {
  if (piece.length === 0 || to.destroyed || to.writableEnded || to.write(piece)) return;
  from.pause();
  to.once("drain", () => from.resume());
}
