import type { InspectedRecord } from "../harness/run/scenario.ts";
import type { StoreClients } from "../harness/run/system.ts";
import { decodeMessage } from "../reference-impl/patterns/event-message.ts";
import { readEntryNews } from "../reference-impl/services/comments/entry-news.ts";
import type { CommentTables } from "../reference-impl/services/comments/entry-tables.ts";
import { blogNodes as nodes } from "../reference-impl/systems/blog.system.ts";

/** Each time that a text was taken, as the outbox of the service that takes them tells: texts are unique, so once each. */
export async function inspectEntries(stores: StoreClients): Promise<readonly InspectedRecord[]> {
  const database = stores.postgres<CommentTables>(nodes.commentsStore);
  const rows = await database
    .selectFrom("outbox")
    .select(["position", "value"])
    .orderBy("position")
    .execute();
  await database.destroy();
  return rows.map(({ position, value }) => {
    const { text } = readEntryNews(decodeMessage(value).body);
    const effect = { step: "entry", kind: "do", at: Number(position) };
    return { f: "effect", key: `text/${text}`, node: nodes.comments, value: effect };
  });
}
