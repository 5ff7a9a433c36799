import { describe, expect, test } from "vitest";
import { identityIn } from "../../../../harness/real/components/mongodb-identity.ts";

/** As mongod 8.0 answers, without what nobody looks at. */
const mongod = {
  version: "8.0.17",
  gitVersion: "0f4a3b1c2d5e6f708192a3b4c5d6e7f809182736",
  modules: [],
  allocator: "tcmalloc-google",
  javascriptEngine: "mozjs",
  versionArray: [8, 0, 17, 0],
  openssl: { running: "OpenSSL 3.0.13" },
  bits: 64,
  storageEngines: ["devnull", "wiredTiger"],
  ok: 1,
};
const standIn = "MongoDB protocol stand-in";

describe("a server that speaks MongoDB's protocol", () => {
  test("is MongoDB when it names its commit and its storage engine", () => {
    expect(identityIn(mongod)).toEqual({ label: "MongoDB", version: "8.0.17" });
  });

  test.each<[string, Record<string, unknown>]>([
    [
      "mongo-java-server",
      { version: "5.0.0", versionArray: [5, 0, 0], maxBsonObjectSize: 16_777_216, ok: 1 },
    ],
    ["a commit only", { ...mongod, storageEngines: undefined }],
    ["an engine only", { ...mongod, gitVersion: "" }],
    ["another engine", { ...mongod, storageEngines: ["postgresql"] }],
    ["one that says what it is", { ...mongod, ferretdb: { version: "v2.1.0" } }],
  ])("is a stand-in otherwise: %s", (_, buildInfo) => {
    expect(identityIn(buildInfo).label).toBe(standIn);
  });
});
