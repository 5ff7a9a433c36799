import * as fc from "fast-check";
// In your own project: "faultline/checkers" and "faultline".
import { activity, optimisticLock } from "../../checkers/index.ts";
import {
  answerLost,
  type Client,
  defineScenario,
  type Form,
  faultChoice,
  type Invocation,
  linkLatency,
  type Outcome,
  type Scenario,
} from "../../index.ts";
import { createNoteService } from "./note.service.ts";

const CALL_TIMEOUT_MS = 500;
const read = { do: "read" } as const;
const text = fc.stringMatching(/^[a-z]{8}$/);

/** What a client will do. Plain data: it is stored in the plan. */
type NoteCall = typeof read | { readonly do: "write"; readonly text: string };

/** The claim that the note service makes, and how it is put to the test. */
export const notesAreKept: Scenario = defineScenario<NoteCall>({
  name: "notes-are-kept",
  claim: "an acknowledged change of the note is not lost",
  notTested: ["crashes: this note lives in memory"],
  patterns: ["10 Optimistic locking"],
  forms: [
    form("hardened", false),
    {
      ...form("defect:audit-in-between", true),
      needs: "two writers that saw the same version; no fault",
      expects: [{ checker: "optimistic-lock", types: ["two-winners", "lost-update"] }],
    },
  ],
  workload: {
    clients: { min: 2, max: 3 },
    operationsPerClient: { min: 8, max: 12 },
    thinkMsMax: 5,
    call: fc.oneof(
      { arbitrary: fc.constant(read), weight: 1 },
      { arbitrary: fc.record({ do: fc.constant("write" as const), text }), weight: 3 },
    ),
    preparation: [],
    idle: () => read,
    finalReads: () => [read],
    invocation(call, session) {
      const expected = session.get("version");
      if (call.do === "read" || expected === undefined) return { f: "read", key: "note", node: "notes" };
      return { f: "update", key: "note", node: "notes", value: { expected, value: call.text } };
    },
    perform,
  },
  faults: [
    faultChoice(answerLost, fc.constant({ from: "clients", to: "notes", count: 1 })),
    faultChoice(
      linkLatency,
      fc.integer({ min: 1, max: 50 }).map((addMs) => ({ from: "clients", to: "notes", addMs })),
    ),
  ],
  faultsMax: 2,
  checkers: [optimisticLock(), activity()],
  limits: { loadMs: 60_000, settleMs: 100, callTimeoutMs: CALL_TIMEOUT_MS },
});

function form(name: Form["name"], auditFirst: boolean): Form {
  return {
    name,
    summary: auditFirst
      ? "compares the version, writes the audit log, then the note"
      : "compares and writes at once",
    needs: "",
    expects: [],
    system: () => ({
      stores: [],
      services: [
        {
          name: "notes",
          stores: [],
          start: ({ clock }) => createNoteService({ audit: () => clock.sleep(3) }, auditFirst),
        },
      ],
    }),
  };
}

/** An outcome that is not known for certain is `info`: a lost answer to a write may have been a success. */
async function perform({ f, value }: Invocation, client: Client): Promise<Outcome> {
  const init = f === "read" ? {} : { method: "PUT", body: JSON.stringify(value) };
  try {
    const signal = client.clock.timeoutSignal(CALL_TIMEOUT_MS);
    const response = await client.fetch("http://notes/", { ...init, signal });
    const note = (await response.json()) as { version: number; value: string };
    client.session.set("version", note.version);
    if (response.status === 409) return { type: "fail", error: { code: "conflict" } };
    return { type: "ok", value: note };
  } catch (error) {
    return { type: f === "read" ? "fail" : "info", error: { code: "connection", message: String(error) } };
  }
}
