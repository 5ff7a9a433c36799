/** What a service answers, as it is sent and as it is stored under a request key. */
export interface Answer {
  readonly status: number;
  /** JSON text. */
  readonly body: string;
}

/** An answer with a JSON body. */
export function jsonAnswer(status: number, body: unknown): Answer {
  return { status, body: JSON.stringify(body) };
}

/** An error as every service words it: `{"error": {"code": …, "message": …}}`. */
export function errorAnswer(status: number, code: string, message: string): Answer {
  return jsonAnswer(status, { error: { code, message } });
}

/** The HTTP response that carries an answer. */
export function toResponse(answer: Answer): Response {
  return new Response(answer.body, {
    status: answer.status,
    headers: { "content-type": "application/json; charset=utf-8" },
  });
}
