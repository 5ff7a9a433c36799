import { once } from "node:events";
import { createServer, type Socket } from "node:net";

/** A server that sends back every line, and remembers what it received and how connections ended. */
export interface EchoServer extends Disposable {
  readonly port: number;
  readonly received: readonly string[];
  /** Of each piece of data, its length, in order. */
  readonly pieces: readonly number[];
  /** Connections that are open. */
  readonly open: number;
  /** Settles when this many connections have ended in all. */
  ended(count: number): Promise<void>;
}

/** Starts it on a free port. */
export async function startEchoServer(): Promise<EchoServer> {
  const received: string[] = [];
  const pieces: number[] = [];
  const sockets = new Set<Socket>();
  let ended = 0;
  let wake = () => {};
  const server = createServer((socket) => {
    sockets.add(socket);
    let rest = "";
    socket.setNoDelay(true);
    socket.on("data", (piece) => {
      pieces.push(piece.length);
      const parts = (rest + String(piece)).split("\n");
      rest = parts.pop() ?? "";
      received.push(...parts);
      for (const line of parts) socket.write(`${line}\n`);
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      ended++;
      wake();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    received,
    pieces,
    get open() {
      return sockets.size;
    },
    ended: async (count) => {
      while (ended < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    [Symbol.dispose]: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
