import type { Json } from "../../checkers/history/operation.ts";

/** A value without parts. */
export type Scalar = string | number | boolean | null;

/** What values without parts look like. */
export interface ScalarForm {
  /** All that there are; null: too many to be a list. */
  readonly all: ReadonlySet<Scalar> | null;
  /** The kinds that they are of: `string`, `number`, `boolean`, `null`. */
  readonly kinds: ReadonlySet<string>;
  /** Are all numbers among them whole? */
  readonly whole: boolean;
}

/** The fields of objects of one sort. */
export interface FieldForms {
  readonly forms: ReadonlyMap<string, ValueForm>;
  readonly required: ReadonlySet<string>;
}

/** What objects look like. */
export interface ObjectForm {
  readonly fields: FieldForms;
  /** The field whose value says which fields there are, as `do` does in a list of operations; null: none does. */
  readonly tag: { readonly field: string; readonly sorts: ReadonlyMap<Json, FieldForms> } | null;
}

/** What JSON values of one source look like, learned from examples. Null: no example was of that kind. */
export interface ValueForm {
  readonly scalar: ScalarForm | null;
  /** What lists hold; a list without elements fits whenever lists do. */
  readonly list: ValueForm | null;
  readonly object: ObjectForm | null;
}

type Fields = { readonly [field: string]: Json };

/** More different values than this are no list of choices. */
const CHOICES_MAX = 32;
/** Values are a list of choices when each came so often, on average. */
const TIMES_OF_CHOICE = 8;

/**
 * Learns what values look like: which kinds of value, which fields, which words where there are only a few.
 * What fewer than `surely` examples show is no rule: a form may be too wide then, but is not too narrow. Linear in the
 * size of the examples.
 */
export function learnForm(examples: readonly Json[], surely: number): ValueForm {
  const scalars = examples.filter((value) => !isList(value) && !isObject(value)) as Scalar[];
  const lists = examples.filter(isList);
  const objects = examples.filter(isObject);
  return {
    scalar: scalars.length === 0 ? null : learnScalars(scalars, surely),
    list: lists.length === 0 ? null : learnForm(lists.flat(), surely),
    object: objects.length === 0 ? null : learnObjects(objects, surely),
  };
}

/** Is the value a list? */
export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Is the value an object with fields? */
export function isObject(value: Json): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The kind of a value without parts, as {@link ScalarForm} names it. */
export function kindOf(value: Scalar): string {
  return value === null ? "null" : typeof value;
}

function learnScalars(values: readonly Scalar[], surely: number): ScalarForm {
  const different = new Set(values);
  const often = values.length >= Math.max(surely, different.size * TIMES_OF_CHOICE);
  return {
    all: often && different.size <= CHOICES_MAX ? different : null,
    kinds: new Set(values.map(kindOf)),
    whole: values.length >= surely && values.every((value) => typeof value !== "number" || isWhole(value)),
  };
}

function isWhole(value: number): boolean {
  return Number.isInteger(value);
}

function learnObjects(objects: readonly Fields[], surely: number): ObjectForm {
  const fields = learnFields(objects, surely);
  const field = tagOf(objects, fields);
  if (field === null) return { fields, tag: null };
  const sorts = Map.groupBy(objects, (object) => object[field] ?? null);
  return {
    fields,
    tag: { field, sorts: new Map([...sorts].map(([value, some]) => [value, learnFields(some, surely)])) },
  };
}

function learnFields(objects: readonly Fields[], surely: number): FieldForms {
  const values = new Map<string, Json[]>();
  for (const object of objects) {
    for (const [field, value] of Object.entries(object)) {
      const known = values.get(field);
      if (known === undefined) values.set(field, [value]);
      else known.push(value);
    }
  }
  const always = [...values].filter(([, { length }]) => length === objects.length && length >= surely);
  return {
    forms: new Map([...values].map(([field, some]) => [field, learnForm(some, surely)])),
    required: new Set(always.map(([field]) => field)),
  };
}

/** Of the words that every object has, the one that tells best which other fields the object has. */
function tagOf(objects: readonly Fields[], { forms, required }: FieldForms): string | null {
  let best: { readonly field: string; readonly excess: number } | null = null;
  const fieldsOf = objects.map((object) => Object.keys(object).sort().join("\n"));
  if (new Set(fieldsOf).size === 1) return null;
  for (const field of required) {
    const { scalar = null, list = null, object = null } = forms.get(field) ?? {};
    if (list !== null || object !== null || scalar === null || scalar.all === null) continue;
    // How many sorts of objects there would be, and how many of fields within a sort: the fewer the better.
    const pairs = new Set(objects.map((each, i) => `${JSON.stringify(each[field])}\n${fieldsOf[i]}`)).size;
    const excess = pairs - scalar.all.size;
    if (best === null || excess < best.excess) best = { field, excess };
  }
  return best?.field ?? null;
}
