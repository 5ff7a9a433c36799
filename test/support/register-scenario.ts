import * as fc from "fast-check";
import { activity } from "../../checkers/activity/activity.checker.ts";
import type { Checker } from "../../checkers/checker.ts";
import type { Json } from "../../checkers/history/operation.ts";
import { optimisticLock } from "../../checkers/optimistic-lock/optimistic-lock.checker.ts";
import { answerLost } from "../../harness/faults/answer-lost.fault.ts";
import { faultChoice } from "../../harness/faults/fault.ts";
import { linkPartition } from "../../harness/faults/link-partition.fault.ts";
import type { Outcome } from "../../harness/run/outcome.ts";
import { defineScenario, type Form, type Scenario } from "../../harness/run/scenario.ts";
import type { HttpService, ServiceContext } from "../../harness/run/system.ts";

type Call = { readonly f: "read" | "update"; readonly value: number };

/**
 * A versioned register in the memory of one service, without any store: small enough to test the
 * harness with. The hardened form checks and writes at once; the defect pauses in between.
 */
export const registerScenario: Scenario = defineScenario<Call>({
  name: "register-keeps-updates",
  claim: "an acknowledged update of the register is not lost",
  notTested: ["crashes: the register is kept in memory"],
  patterns: ["10 Optimistic locking"],
  forms: [form("hardened", 0), form("defect:check-in-application", 1)],
  workload: {
    clients: { min: 2, max: 3 },
    operationsPerClient: { min: 5, max: 8 },
    thinkMsMax: 4,
    call: fc.record({ f: fc.constantFrom("update", "read", "update"), value: fc.nat(1_000_000) }),
    preparation: [
      { f: "read", value: 0 },
      { f: "update", value: 1 },
    ],
    idle: () => ({ f: "read", value: 0 }),
    finalReads: () => [{ f: "read", value: 0 }],
    invocation: ({ f, value }, session) => {
      const expected = session.get("version");
      if (f === "read" || expected === undefined) return { f: "read", key: "register", node: "register" };
      return { f: "update", key: "register", node: "register", value: { expected, value } };
    },
    perform: async ({ f, value }, client): Promise<Outcome> => {
      const init = f === "read" ? {} : { method: "PUT", body: JSON.stringify(value) };
      try {
        const signal = client.clock.timeoutSignal(500);
        const response = await client.fetch("http://register/", { ...init, signal });
        const answer = (await response.json()) as { version: number } & Record<string, Json>;
        client.session.set("version", answer.version);
        if (response.status === 409) return { type: "fail", error: { code: "conflict" } };
        return { type: "ok", value: answer };
      } catch (error) {
        const type = f === "read" ? "fail" : "info";
        return { type, error: { code: "connection", message: String(error) } };
      }
    },
  },
  faults: [
    faultChoice(linkPartition, fc.constant({ a: "clients", b: "register", direction: "both" } as const)),
    faultChoice(
      answerLost,
      fc.record({
        from: fc.constant("clients"),
        to: fc.constant("register"),
        count: fc.integer({ min: 1, max: 2 }),
      }),
    ),
  ],
  faultsMax: 2,
  checkers: [optimisticLock(), activity()] satisfies Checker[],
  limits: { loadMs: 60_000, settleMs: 100, callTimeoutMs: 500 },
});

function form(name: Form["name"], pauseMs: number): Form {
  const hardened = pauseMs === 0;
  return {
    name,
    summary: hardened ? "checks and writes at once" : "checks, pauses, then writes",
    needs: hardened ? "" : "two updates at the same time",
    expects: hardened ? [] : [{ checker: "optimistic-lock", types: ["lost-update", "two-winners"] }],
    system: () => ({
      stores: [],
      services: [{ name: "register", stores: [], start: (context) => register(context, pauseMs) }],
    }),
  };
}

function register({ clock }: ServiceContext, pauseMs: number): HttpService {
  let state = { version: 1, value: 0 };
  return {
    fetch: async (request) => {
      if (request.method === "GET") return Response.json(state);
      const { expected, value } = (await request.json()) as { expected: number; value: number };
      if (state.version !== expected) return Response.json(state, { status: 409 });
      if (pauseMs > 0) await clock.sleep(pauseMs);
      state = { version: expected + 1, value };
      return Response.json({ expected, ...state });
    },
  };
}
