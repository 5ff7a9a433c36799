import type { Hono } from "hono";

/** A started service. */
export interface RunningService {
  readonly fetch: (request: Request) => Promise<Response>;
  /** Takes no more requests, finishes those that it has, ends its own work, closes its clients. */
  stop(): Promise<void>;
}

/** What a service has besides its HTTP application. */
export interface ServiceParts {
  /** Ends background work; resolves when what was begun has ended. */
  readonly stopWork?: () => Promise<void>;
  readonly closeClients: () => Promise<void>;
}

/** Joins an HTTP application and what must be stopped with it. Stopping twice is harmless. */
export function runningService(app: Hono, parts: ServiceParts): RunningService {
  let inFlight = 0;
  let stopped: Promise<void> | null = null;
  let allAnswered: () => void = () => {};
  const stop = async () => {
    if (inFlight > 0) {
      await new Promise<void>((resolve) => {
        allAnswered = resolve;
      });
    }
    await parts.stopWork?.();
    await parts.closeClients();
  };
  return {
    fetch: async (request) => {
      if (stopped !== null) return new Response(null, { status: 503, headers: { connection: "close" } });
      inFlight++;
      try {
        return await app.fetch(request);
      } finally {
        inFlight--;
        if (inFlight === 0) allAnswered();
      }
    },
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}
