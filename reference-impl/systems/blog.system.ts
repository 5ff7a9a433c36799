import type { ServiceDefinition, SystemDefinition } from "../../harness/run/system.ts";
import type { Defect } from "../defects/defect.ts";
import {
  type EventDrivenNeeds,
  hardenedEventMechanisms,
  startEventDriven,
} from "../patterns/event-driven.ts";
import { type ConsumerMechanisms, idempotentConsumer } from "../patterns/idempotent-consumer.ts";
import { type BlogPlacing, blogService, stickyPlace } from "../services/blog/blog.service.ts";
import { type BlogMechanisms, hardenedBlogMechanisms } from "../services/blog/blog-mechanisms.ts";
import {
  applyEntry,
  type CommentReaderTables,
  commentReaderApp,
  createCommentReaderTables,
} from "../services/comment-reader/comment-reader.service.ts";
import { commentsApp } from "../services/comments/comments.service.ts";
import { entryTopics } from "../services/comments/entry-news.ts";
import { type CommentTables, createCommentTables } from "../services/comments/entry-tables.ts";
import { textbookAnnounce, textbookApply, textbookPlacing } from "../textbook/blog.textbook.ts";
import { eventDrivenService } from "./event-driven-service.ts";

/** The nodes of the blog: the way in, the service that takes comments, and two that show them. */
export const blogNodes = {
  blog: "blog",
  comments: "comments",
  commentsStore: "comments-db",
  readers: ["reader-a", "reader-b"],
  readerStores: ["reader-a-db", "reader-b-db"],
  bus: "kafka",
} as const;

/** The topics of its bus. */
export const blogTopics: typeof entryTopics = entryTopics;

const nodes = blogNodes;
const bus = { kind: "kafka", name: nodes.bus } as const;
const stores: SystemDefinition["stores"] = [
  { name: nodes.commentsStore, kind: "postgres", migrate: createCommentTables },
  ...nodes.readerStores.map((name) => ({
    name,
    kind: "postgres" as const,
    migrate: createCommentReaderTables,
  })),
  {
    name: nodes.bus,
    kind: "kafka",
    topics: Object.values(entryTopics).map((name) => ({ name, partitions: 3 })),
  },
];

/** The blog in the hardened form, or with one mechanism replaced by a defect. */
export function blogSystem(defect?: Defect<BlogMechanisms>): SystemDefinition {
  const { relayBatch, show, failOver } = { ...hardenedBlogMechanisms(), ...defect?.replacement() };
  const mechanisms = { ...hardenedEventMechanisms(), relayBatch };
  return {
    stores,
    services: [
      entrance({ place: stickyPlace, failOver }),
      eventDrivenService<CommentTables>({
        name: nodes.comments,
        store: nodes.commentsStore,
        bus,
        start: (needs) => {
          const { announcer, stop } = startEventDriven(needs, mechanisms);
          return { app: commentsApp(needs, announcer), stop };
        },
      }),
      ...readers((name, needs) => ({
        app: commentReaderApp(needs, show),
        stop: consume(name, needs, mechanisms),
      })),
    ],
  };
}

/** The same with the seed's bus, and reads at any reader. */
export function textbookBlogSystem(): SystemDefinition {
  return {
    stores,
    services: [
      entrance(textbookPlacing),
      eventDrivenService<CommentTables>({
        name: nodes.comments,
        store: nodes.commentsStore,
        bus,
        start: (needs) => ({
          app: commentsApp(needs, textbookAnnounce({ bus: needs.bus, wakeRelay: () => {} })),
          stop: () => needs.bus.close(),
        }),
      }),
      ...readers((name, needs) => {
        textbookApply(name, needs);
        return { app: commentReaderApp(needs, (entries) => entries), stop: () => needs.bus.close() };
      }),
    ],
  };
}

function entrance(placing: BlogPlacing): ServiceDefinition {
  return {
    name: nodes.blog,
    stores: [],
    calls: [nodes.comments, ...nodes.readers],
    start: ({ clock, fetch, random }) =>
      blogService({ clock, fetch, random, comments: nodes.comments, readers: nodes.readers }, placing),
  };
}

type ReaderNeeds = EventDrivenNeeds<CommentReaderTables>;

function readers(
  start: (
    name: string,
    needs: ReaderNeeds,
  ) => { readonly app: ReturnType<typeof commentReaderApp>; stop(): Promise<void> },
): ServiceDefinition[] {
  return nodes.readers.map((name, at) =>
    eventDrivenService<CommentReaderTables>({
      name,
      store: nodes.readerStores[at] ?? name,
      bus,
      start: (needs) => start(name, needs),
    }),
  );
}

/**
 * Each reader is a group of its own for each topic: it gets everything, and where comments are held up it goes on
 * with replies.
 */
function consume(name: string, needs: ReaderNeeds, mechanisms: ConsumerMechanisms): () => Promise<void> {
  const { database, clock } = needs;
  const subscriptions = Object.values(entryTopics).map((topic) => {
    const group = `${name}-${topic}`;
    const handle = idempotentConsumer({ name: group, database, clock, mechanisms, effect: applyEntry });
    return needs.bus.subscribe(group, [topic], handle);
  });
  return async () => {
    await Promise.all(subscriptions.map((subscription) => subscription.stop()));
  };
}
