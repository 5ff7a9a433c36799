import { createServer } from "node:http";

/** A web server on loopback that answers every path but `/404` with the same bytes. */
export interface ByteServer extends AsyncDisposable {
  readonly url: string;
}

/** Starts one. */
export async function serveBytes(bytes: Uint8Array): Promise<ByteServer> {
  const server = createServer((request, response) => {
    if (request.url === "/404") response.writeHead(404).end();
    else response.end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
