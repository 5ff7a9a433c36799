import { expect, test } from "vitest";
import { lightRequest } from "../../../harness/sim/light-request.ts";
import { lightResponse, lightResponseClass } from "../../../harness/sim/light-response.ts";

const RealResponse = Response;

test("a light request answers as a real one does", async () => {
  const headers = { "content-type": "application/json", "x-a": "1" };
  const make = () => lightRequest("http://shop/x?y=1", "POST", new Headers(headers), '{"a":[1]}');
  const real = new Request("http://shop/x?y=1", { method: "POST", headers, body: '{"a":[1]}' });
  const light = make();
  expect(light).toBeInstanceOf(Request);
  for (const name of ["url", "method", "redirect", "mode", "bodyUsed"] as const) {
    expect(light[name]).toBe(real[name]);
  }
  expect([...light.headers]).toEqual([...real.headers]);
  expect(await make().json()).toEqual({ a: [1] });
  expect(await make().text()).toBe('{"a":[1]}');
  expect(new Uint8Array(await make().arrayBuffer())).toEqual(new TextEncoder().encode('{"a":[1]}'));
  expect(await make().clone().text()).toBe('{"a":[1]}');
  const read = make();
  await read.text();
  expect(read.bodyUsed).toBe(true);
  await expect(read.text()).rejects.toThrow(TypeError);
  const streamed = make();
  expect(streamed.body).not.toBeNull();
  expect(await streamed.text()).toBe('{"a":[1]}');
});

test.each([
  ["text", "hello", {}],
  ["JSON", '{"a":1}', { status: 201, headers: { "content-type": "application/json" } }],
  ["nothing", null, { status: 404, statusText: "Not Found" }],
  ["no body by status", null, { status: 204 }],
  ["bytes", new Uint8Array([104, 105]), { status: 200 }],
] as [string, ConstructorParameters<typeof Response>[0], ResponseInit][])(
  "a pinned Response behaves as a real one: %s",
  async (_, body, init) => {
    const Pinned = lightResponseClass();
    const light = new Pinned(body, init);
    const real = new RealResponse(body, init);
    expect(light).toBeInstanceOf(RealResponse);
    expect(light).toBeInstanceOf(Pinned);
    for (const name of ["status", "statusText", "ok", "type", "redirected", "bodyUsed"] as const) {
      expect(light[name]).toBe(real[name]);
    }
    expect([...light.headers]).toEqual([...real.headers]);
    expect(await light.clone().text()).toBe(await real.clone().text());
    expect(await light.text()).toBe(await real.text());
  },
);

test("what a real Response refuses, a pinned one refuses too", () => {
  const Pinned = lightResponseClass();
  expect(() => new Pinned("x", { status: 99 })).toThrow(RangeError);
  expect(() => new Pinned("x", { status: 204 })).toThrow(TypeError);
  expect(Pinned.json({ a: 1 }).headers.get("content-type")).toBe("application/json");
});

test("a light response can be read once, and be handed on by its stream", async () => {
  const light = lightResponse("body", 200, new Headers());
  expect(await new RealResponse(light.body).text()).toBe("body");
  const json = lightResponse('{"a":1}', 200, new Headers());
  expect(await json.json()).toEqual({ a: 1 });
  expect(json.bodyUsed).toBe(true);
});
