import type { HandleOnce } from "../patterns/idempotent-consumer.ts";
import { commitBeforeAnswer } from "../patterns/transaction-per-request.ts";

/** Every copy of a message has its effect: nothing is looked up, nothing is noted. */
export const handleEveryTime: HandleOnce = ({ database, effect }) => commitBeforeAnswer(database, effect);
