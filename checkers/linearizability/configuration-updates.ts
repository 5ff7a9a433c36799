import { BITS, type ConfigurationSet, STATE } from "./configuration-set.ts";
import type { LaneOrder } from "./lane-order.ts";
import { CAS, DIFFERS, READ, type RegisterCalls, WRITE } from "./register-calls.ts";
import type { RegisterWindow } from "./register-window.ts";

/** A call that returns is invoked at `position`: what it needs or can do is noted in every configuration. */
export function enterCall(
  calls: RegisterCalls,
  window: RegisterWindow,
  now: ConfigurationSet,
  call: number,
  position: number,
): void {
  const { kind, from, to, neededUntil } = calls;
  const { words, end, stride } = now;
  window.enter(call);
  const slot = window.plan.slot[call]!;
  const obliged = BITS + (slot >> 5);
  const able = obliged + window.bitWords;
  const bit = 1 << (slot & 31);
  // What a `cas` can do is never dropped: a configuration in which it is done is not the better one.
  const isUseful = kind[call] === CAS || (kind[call] === WRITE && neededUntil[to[call]!]! > position);
  for (let at = 0; at < end * stride; at += stride) {
    const state = words[at + STATE]!;
    const isMet =
      kind[call] === READ
        ? state === from[call]
        : kind[call] === WRITE
          ? state === to[call]
          : kind[call] === DIFFERS && state !== from[call];
    if (!isMet) words[at + obliged]! |= bit;
    if (isUseful) words[at + able]! |= bit;
  }
}

/** A call returned at `position`: writes of a value that nobody needs from now on are dropped, so that configurations become equal. */
export function forgetNeeds(
  calls: RegisterCalls,
  window: RegisterWindow,
  now: ConfigurationSet,
  call: number,
  position: number,
): void {
  const value = calls.from[call]!;
  if (value < 0 || calls.neededUntil[value] !== position) return;
  const { words, end, stride } = now;
  const k = window.bitWords;
  for (let word = 0; word < k; word++) {
    const writes = window.writesOf[value * k + word]!;
    if (writes === 0) continue;
    for (let at = 0; at < end * stride; at += stride) words[at + BITS + k + word]! &= ~writes;
  }
}

/** Drops the counts of lanes that nobody can need from `position` on. Were there any? */
export function forgetLanes(window: RegisterWindow, now: ConfigurationSet, position: number): boolean {
  const { words, end, stride } = now;
  const usedAt = BITS + 2 * window.bitWords;
  const outlived = window.outlived(position);
  for (const lane of outlived) {
    const byte = window.plan.laneByte[lane]!;
    const mask = ~(0xff << ((byte & 3) * 8));
    for (let at = 0; at < end * stride; at += stride) words[at + usedAt + (byte >> 2)]! &= mask;
  }
  return outlived.length > 0;
}

/** Tells the order of lanes which of them are in use now. */
export function orderLanes(calls: RegisterCalls, window: RegisterWindow, order: LaneOrder): void {
  const { lanes, plan, laneCall } = window;
  order.set(
    lanes.map((lane) => {
      const call = laneCall[lane]!;
      return { byte: plan.laneByte[lane]!, value: calls.to[call]!, isCas: calls.kind[call] === CAS };
    }),
  );
}
