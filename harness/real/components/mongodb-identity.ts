import { STAND_IN_LABEL } from "./mongodb.component.ts";

const CONNECT_TIMEOUT_MS = 5_000;

/** What a server is that speaks MongoDB's protocol. */
export interface MongodbIdentity {
  /** "MongoDB", or what a stand-in is called. */
  readonly label: string;
  readonly version: string;
}

/** Asks a server what it was built from. Rejects with the driver's error where it does not answer. */
export async function identifyMongodb(url: string): Promise<MongodbIdentity> {
  const { MongoClient } = await import("mongodb");
  const client = new MongoClient(url, { serverSelectionTimeoutMS: CONNECT_TIMEOUT_MS });
  try {
    return identityIn(await client.db("admin").command({ buildInfo: 1 }));
  } finally {
    await client.close();
  }
}

/**
 * What `buildInfo` tells. MongoDB names the commit that it was built from and its storage engine WiredTiger,
 * fields that its manual calls stable; whatever does not, or says that it is something else, is a stand-in.
 */
export function identityIn(buildInfo: Readonly<Record<string, unknown>>): MongodbIdentity {
  const { version, gitVersion, storageEngines } = buildInfo;
  const isMongodb =
    typeof gitVersion === "string" &&
    /^[0-9a-f]{40}$/.test(gitVersion) &&
    Array.isArray(storageEngines) &&
    storageEngines.includes("wiredTiger") &&
    !Object.keys(buildInfo).some((key) => /ferretdb/i.test(key));
  return { label: isMongodb ? "MongoDB" : STAND_IN_LABEL, version: String(version) };
}
