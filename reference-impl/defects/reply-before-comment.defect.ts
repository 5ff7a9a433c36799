import type { BlogMechanisms } from "../services/blog/blog-mechanisms.ts";
import type { Defect } from "./defect.ts";

/** A reader shows whatever has arrived. */
export const replyBeforeComment: Defect<BlogMechanisms> = {
  name: "reply-before-comment",
  missing: "a reply is shown as soon as it arrives, whether or not its comment is there",
  needs: "a reply that overtakes its comment: they are in two topics, and that of the comments is behind",
  shows: [{ checker: "visible-dependencies", types: ["shown-without-dependency", "dependency-missing"] }],
  replacement: () => ({ show: (entries) => entries }),
};
