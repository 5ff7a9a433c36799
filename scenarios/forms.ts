import type { Checker } from "../checkers/checker.ts";
import type { ExpectedAnomaly, Flaw, Form } from "../harness/run/scenario.ts";
import type { SystemDefinition } from "../harness/run/system.ts";
import type { Defect } from "../reference-impl/defects/defect.ts";

/** The form in which nothing may be found. */
export function hardenedForm(summary: string, system: () => SystemDefinition): Form {
  return { name: "hardened", summary, needs: "", expects: [], system };
}

/** The seed's own form, with everything that is wrong with it: each flaw must be found. */
export function textbookForm(
  form: Omit<Form, "name" | "expects" | "flaws"> & { readonly flaws: readonly [Flaw, ...Flaw[]] },
): Form {
  const expects = form.flaws.map(({ checker, types }) => ({ checker, types }));
  return { name: "textbook", ...form, expects };
}

/** The hardened form with one defect. Of what the defect shows, what these checkers can see is expected. */
export function defectForm<Mechanisms>(
  defect: Defect<Mechanisms>,
  system: (defect: Defect<Mechanisms>) => SystemDefinition,
  checkers: readonly Checker[],
): Form {
  const expects: ExpectedAnomaly[] = defect.shows.filter(({ checker }) =>
    checkers.some(({ name }) => name === checker),
  );
  if (expects.length === 0) throw new RangeError(`no checker of the scenario can see ${defect.name}`);
  return {
    name: `defect:${defect.name}`,
    summary: defect.missing,
    needs: defect.needs,
    expects,
    system: () => system(defect),
  };
}
