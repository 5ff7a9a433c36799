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
import { basicNeeds, callerNeeds, eventDrivenService, type StartParts } from "./service-definitions.ts";
import { kafkaStore, postgresStore } from "./store-definitions.ts";

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
  postgresStore(nodes.commentsStore, createCommentTables),
  ...nodes.readerStores.map((name) => postgresStore(name, createCommentReaderTables)),
  kafkaStore(nodes.bus, Object.values(entryTopics)),
];

/** The blog in the hardened form, or with one mechanism replaced by a defect. */
export function blogSystem(defect?: Defect<BlogMechanisms>): SystemDefinition {
  const { relayBatch, show, failOver, keyOfAttempt } = {
    ...hardenedBlogMechanisms(),
    ...defect?.replacement(),
  };
  const mechanisms = { ...hardenedEventMechanisms(), relayBatch };
  return blogOf({
    placing: { place: stickyPlace, failOver, keyOfAttempt },
    comments: (needs) => {
      const { announcer, stop } = startEventDriven(needs, mechanisms);
      return { app: commentsApp(needs, announcer), stop };
    },
    reader: (needs, { name }) => ({
      app: commentReaderApp(needs, show),
      stop: consume(name, needs, mechanisms),
    }),
  });
}

/** The same with the seed's bus, and reads at any reader. */
export function textbookBlogSystem(): SystemDefinition {
  return blogOf({
    placing: textbookPlacing,
    comments: (needs) => ({
      app: commentsApp(needs, textbookAnnounce({ bus: needs.bus, wakeRelay: () => {} })),
      stop: () => needs.bus.close(),
    }),
    reader: (needs, { name }) => {
      textbookApply(name, needs);
      return { app: commentReaderApp(needs, (entries) => entries), stop: () => needs.bus.close() };
    },
  });
}

/** How each service starts. */
interface BlogStarts {
  readonly placing: BlogPlacing;
  readonly comments: StartParts<CommentTables>;
  readonly reader: StartParts<CommentReaderTables>;
}

function blogOf({ placing, comments, reader }: BlogStarts): SystemDefinition {
  return {
    stores,
    services: [
      entrance(placing),
      eventDrivenService(nodes.comments, nodes.commentsStore, bus, comments),
      ...nodes.readers.map((name, at) =>
        eventDrivenService(name, nodes.readerStores[at] ?? name, bus, reader),
      ),
    ],
  };
}

function entrance(placing: BlogPlacing): ServiceDefinition {
  return {
    name: nodes.blog,
    stores: [],
    calls: [nodes.comments, ...nodes.readers],
    start: (context) =>
      blogService(
        {
          ...basicNeeds(context),
          ...callerNeeds(context),
          comments: nodes.comments,
          readers: nodes.readers,
        },
        placing,
      ),
  };
}

/**
 * Each reader is a group of its own for each topic: it gets everything, and where comments are held up it goes on
 * with replies.
 */
function consume(
  name: string,
  needs: EventDrivenNeeds<CommentReaderTables>,
  mechanisms: ConsumerMechanisms,
): () => Promise<void> {
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
