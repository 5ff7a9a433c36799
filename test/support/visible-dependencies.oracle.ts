import type { HistoryEvent, Json, Operation } from "../../checkers/history/operation.ts";

/**
 * What readers missed, as `type key index of the read`, by the definition and by comparing each read with each before it. What
 * lines say different things of depends on nothing that is known, and what may have been deleted is not missed.
 */
export function missingDependencies(events: readonly HistoryEvent[]): string[] {
  const calls = events.flatMap((asked) => {
    if (asked.type !== "invoke") return [];
    const told = events.find(
      (event): event is Operation =>
        "process" in event && event.process === asked.process && event.index > asked.index,
    );
    return [{ asked, told }];
  });
  const said = new Map<string, Set<string>>();
  for (const { asked, told } of calls) {
    const after = (asked.value as { readonly after?: Json } | undefined)?.after;
    if (after === undefined || told?.type === "fail") continue;
    const keys = JSON.stringify(typeof after === "string" ? [after] : after);
    said.set(asked.key!, (said.get(asked.key!) ?? new Set()).add(keys));
  }
  const needsOf = (key: string): string[] => {
    const texts = [...(said.get(key) ?? [])];
    return texts.length === 1 ? (JSON.parse(texts[0]!) as string[]) : [];
  };
  const allNeeds = (key: string): string[] => needsOf(key).flatMap((need) => [need, ...allNeeds(need)]);
  const isDeletable = (key: string): boolean =>
    calls.some(({ asked, told }) => asked.f === "delete" && asked.key === key && told?.type !== "fail");
  const shownBy = ({ asked, told }: (typeof calls)[number]): string[] => {
    if (told?.type !== "ok") return [];
    if (asked.f === "list") return told.value as string[];
    return asked.f === "read" && told.value !== null ? [asked.key!] : [];
  };
  const found: string[] = [];
  for (const call of calls) {
    const { asked, told } = call;
    if (told?.type !== "ok") continue;
    if (asked.f === "list") {
      const shown = shownBy(call);
      for (const need of shown.flatMap(needsOf))
        if (!shown.includes(need) && !isDeletable(need))
          found.push(`shown-without-dependency ${need} ${told.index}`);
    }
    if (asked.f !== "read" || told.value !== null || isDeletable(asked.key!)) continue;
    const isDemanded = calls.some(
      (before) =>
        before.asked.process === asked.process &&
        before.told !== undefined &&
        before.told.index < asked.index &&
        shownBy(before).flatMap(allNeeds).includes(asked.key!),
    );
    if (isDemanded) found.push(`dependency-missing ${asked.key} ${told.index}`);
  }
  return found;
}
