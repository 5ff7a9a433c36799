import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** How a connection ended: with a TCP reset or refusal (the code), or in order. */
export type ConnectionEnd = string;

/** A client of a line protocol: sends lines, and waits for the lines that come back. */
export class LineClient implements Disposable {
  readonly #socket: Socket;
  readonly #lines: string[] = [];
  #rest = "";
  #end: ConnectionEnd | null = null;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (piece) => {
      const parts = (this.#rest + String(piece)).split("\n");
      this.#rest = parts.pop() ?? "";
      this.#lines.push(...parts);
      this.#wake();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => this.#ended(error.code ?? error.message));
    socket.on("end", () => this.#ended("end"));
    socket.on("close", () => this.#ended("end"));
  }

  /** Connects; rejects with the socket's error. */
  static async open(port: number): Promise<LineClient> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return new LineClient(socket);
  }

  send(line: string): void {
    this.#socket.write(`${line}\n`);
  }

  /** How many lines have come and were not taken. */
  get waiting(): number {
    return this.#lines.length;
  }

  /** The next line that comes. Rejects with the way the connection ended. */
  async next(): Promise<string> {
    await this.#until(() => this.#lines.length > 0 || this.#end !== null);
    const line = this.#lines.shift();
    if (line === undefined) throw new Error(this.#end ?? "");
    return line;
  }

  /** Sends a line and waits for one. */
  async ask(line: string): Promise<string> {
    this.send(line);
    return await this.next();
  }

  /** Waits for the end of the connection. */
  async end(): Promise<ConnectionEnd> {
    await this.#until(() => this.#end !== null);
    return this.#end ?? "";
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #ended(how: ConnectionEnd): void {
    this.#end ??= how;
    this.#wake();
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
