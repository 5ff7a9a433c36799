import { connect } from "node:net";

/** Connects to a loopback port, sends some bytes, and answers with the first bytes that come back; "" for none. Never rejects. */
export function askPort(port: number, request: string | Uint8Array, timeoutMs = 1_000): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    const end = (answer: string): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => end(""));
    socket.once("connect", () => socket.write(request));
    socket.once("data", (bytes) => end(bytes.toString("latin1")));
    socket.once("error", () => end(""));
    socket.once("close", () => end(""));
  });
}
