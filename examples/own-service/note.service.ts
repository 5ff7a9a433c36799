/** What the service is given by whoever starts it. */
export interface NoteNeeds {
  /** Writes an entry of an audit log somewhere; takes a moment. */
  readonly audit: () => Promise<void>;
}

/** What a Hono application, or anything else with a `fetch`, offers. */
export interface NoteService {
  fetch(request: Request): Promise<Response>;
}

/**
 * A service of your own: one note with a version. `GET` shows it; `PUT` with the version that the writer
 * saw replaces it, or answers 409 when somebody else was faster.
 *
 * With `auditFirst` the version is compared before the audit log is written and not looked at again after:
 * the kind of pause that nobody sees in a test, and that loses an update in production.
 */
export function createNoteService({ audit }: NoteNeeds, auditFirst: boolean): NoteService {
  let note = { version: 1, value: "" };
  return {
    async fetch(request) {
      if (request.method === "GET") return Response.json(note);
      const { expected, value } = (await request.json()) as { expected: number; value: string };
      if (note.version !== expected) return Response.json(note, { status: 409 });
      if (auditFirst) await audit();
      note = { version: expected + 1, value };
      const answer = { expected, ...note };
      if (!auditFirst) await audit();
      return Response.json(answer);
    },
  };
}
