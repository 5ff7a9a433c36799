import type { Collection, Document } from "mongodb";

/** The part of a `mongodb` collection that services use. */
export type DocumentCollection<Schema extends Document> = Pick<
  Collection<Schema>,
  "insertOne" | "findOne" | "find" | "updateOne" | "updateMany" | "deleteMany" | "createIndex"
>;

/** The part of a `mongodb` database that services use. */
export interface DocumentDatabase {
  collection<Schema extends Document>(name: string): DocumentCollection<Schema>;
}
