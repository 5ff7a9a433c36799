import { type Holder, LIGHT, type LightMessage, lightPrototype } from "./light-message.ts";

const RealResponse = Response;

interface LightResponse extends LightMessage<Response> {
  readonly status: number;
  readonly statusText: string;
}

const prototype = lightPrototype<Response, LightResponse>(
  Response.prototype,
  ({ body, status, statusText, headers }) => new RealResponse(body, { status, statusText, headers }),
  {
    status: ({ status }) => status,
    statusText: ({ statusText }) => statusText,
    ok: ({ status }) => status >= 200 && status <= 299,
  },
);

/** A `Response` that is cheap as long as only its status, headers, text or JSON are asked for. */
export function lightResponse(body: string | null, status: number, headers: Headers): Response {
  return fill({ body, status, statusText: "", headers, used: false, real: null });
}

/**
 * Stands in for the global `Response` while services run in the simulation: makes a light response where
 * the body is text or nothing, and a real one otherwise. Both are instances of `Response`.
 */
export function lightResponseClass(): typeof Response {
  function PinnedResponse(
    body?: ConstructorParameters<typeof Response>[0],
    init: ResponseInit = {},
  ): Response {
    const status = init.status ?? 200;
    const isPlain = body === undefined || body === null || typeof body === "string";
    // What a real one would refuse is left to a real one.
    const isNullStatus = status < 200 || status > 599 || status === 204 || status === 205 || status === 304;
    if (!isPlain || isNullStatus) return new RealResponse(body, init);
    const headers = new Headers(init.headers);
    if (typeof body === "string" && !headers.has("content-type")) {
      headers.set("content-type", "text/plain;charset=UTF-8");
    }
    return fill({
      body: body ?? null,
      status,
      statusText: init.statusText ?? "",
      headers,
      used: false,
      real: null,
    });
  }
  PinnedResponse.prototype = RealResponse.prototype;
  PinnedResponse.json = RealResponse.json;
  PinnedResponse.error = RealResponse.error;
  PinnedResponse.redirect = RealResponse.redirect;
  return PinnedResponse as unknown as typeof Response;
}

function fill(light: LightResponse): Response {
  const response = Object.create(prototype) as Holder<LightResponse>;
  response[LIGHT] = light;
  return response as unknown as Response;
}
