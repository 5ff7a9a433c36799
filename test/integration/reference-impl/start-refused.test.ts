import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "vitest";
import { startService } from "../../support/real/started-service.ts";

// What `main.ts` says where a service cannot be started: a line without a stack. Needs no servers.

const nobodyThere = "postgres://postgres@127.0.0.1:9/users";

test.each([
  [
    "an option that there is none of",
    ["user", "--bogus"],
    {},
    254,
    /^Unknown option '--bogus'.*--help shows/,
  ],
  [
    "tables for a store that is away",
    ["user", "--system", "user", "--migrate"],
    { PORT: "0", USER_DB_URL: nobodyThere },
    254,
    /^The stores of "user" cannot be made ready: .*ECONNREFUSED.*--migrate needs stores that answer and are empty\./,
  ],
])("%s", async (_what, args, env, code, line) => {
  const { text, ended } = await refused(args, env);
  expect([ended, text]).toEqual([code, expect.stringMatching(line)]);
  expect(text.trim().split("\n")).toHaveLength(1);
});

test("a port that is taken is a failure; the stack is there for who asks", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  try {
    const { port } = taken.address() as AddressInfo;
    const env = { PORT: String(port), PAYMENT_URL: "http://127.0.0.1:9" };
    const quiet = await refused(["checkout"], env);
    expect([quiet.ended, quiet.text]).toEqual([255, expect.stringMatching(/^listen EADDRINUSE.*\n$/)]);
    const { text } = await refused(["checkout"], { ...env, FAULTLINE_DEBUG: "1" });
    expect(text).toMatch(/^listen EADDRINUSE.*\n.*\n +at /);
  } finally {
    taken.close();
  }
});

async function refused(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly ended: number; readonly text: string }> {
  const error = await startService(args, env).then(
    () => new Error("it started"),
    (reason: Error) => reason,
  );
  const [, ended = "", text = ""] = /ended with (\d+): (.*)/s.exec(error.message) ?? ["", "", error.message];
  return { ended: Number(ended), text };
}
