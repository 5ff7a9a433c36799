import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { createRealFetch } from "../../../../harness/real/services/real-fetch.ts";

test("the name of a service becomes its address; path, query, method and body stay", async () => {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => response.end(`${request.method} ${request.url} ${body}`));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const call = createRealFetch(new Map([["payment", `http://127.0.0.1:${port}`]]));
  try {
    const init = { method: "PUT", body: "7 coins", headers: { connection: "close" } };
    const answer = await call("http://payment/payments/1%2F2?user=a%20b", init);
    expect(await answer.text()).toBe("PUT /payments/1%2F2?user=a%20b 7 coins");
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test("a name without an address fails as an unknown host does, and reaches nobody", async () => {
  const call = createRealFetch(new Map());
  await expect(call("http://localhost/")).rejects.toMatchObject({
    name: "TypeError",
    cause: { code: "ENOTFOUND", message: "getaddrinfo ENOTFOUND localhost" },
  });
});
