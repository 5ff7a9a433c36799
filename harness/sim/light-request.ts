import { type Holder, LIGHT, type LightMessage, lightPrototype } from "./light-message.ts";

interface LightRequest extends LightMessage<Request> {
  readonly url: string;
  readonly method: string;
}

const prototype = lightPrototype<Request, LightRequest>(
  Request.prototype,
  ({ url, method, headers, body }) => new Request(url, { method, headers, body }),
  { url: ({ url }) => url, method: ({ method }) => method },
);

/** A `Request` that is cheap as long as only its method, URL, headers, text or JSON are asked for. */
export function lightRequest(url: string, method: string, headers: Headers, body: string | null): Request {
  const request = Object.create(prototype) as Holder<LightRequest>;
  request[LIGHT] = { url, method, headers, body, used: false, real: null };
  return request as unknown as Request;
}
