/** A `Request` or `Response` in plain values, and the real one once anything uncommon was asked of it. */
export interface LightMessage<Real> {
  body: string | null;
  headers: Headers;
  used: boolean;
  real: Real | null;
}

type RealMessage = Request | Response;

/** Under this symbol an object made by {@link lightPrototype} keeps its plain values. */
export const LIGHT: unique symbol = Symbol("light message");

/** What an object made by {@link lightPrototype} looks like from within. */
export type Holder<Light> = { [LIGHT]: Light };

/**
 * A prototype that stands in for `Request.prototype` or `Response.prototype`: it answers body and headers
 * (and what `own` adds) from plain values, and hands every other question to a real object, which is made
 * on the first such question. Real ones cost several times as much as the rest of a simulated call.
 */
export function lightPrototype<Real extends RealMessage, Light extends LightMessage<Real>>(
  prototype: Real,
  makeReal: (light: Light) => Real,
  own: Record<string, (light: Light) => unknown>,
): object {
  const descriptors: PropertyDescriptorMap = {};
  const realOf = (light: Light): Real => {
    light.real ??= makeReal(light);
    return light.real;
  };
  for (const name of Object.getOwnPropertyNames(prototype)) {
    if (name === "constructor") continue;
    const isMethod = typeof Object.getOwnPropertyDescriptor(prototype, name)?.value === "function";
    descriptors[name] = isMethod
      ? methodOf((light: Light, args) => {
          const real = realOf(light);
          return Reflect.apply(Reflect.get(real, name) as () => unknown, real, args);
        })
      : getterOf((light: Light) => Reflect.get(realOf(light), name));
  }
  for (const [name, answer] of Object.entries(own)) descriptors[name] = getterOf(answer);
  descriptors.headers = getterOf((light: Light) => light.headers);
  descriptors.bodyUsed = getterOf((light: Light) => light.real?.bodyUsed ?? light.used);
  descriptors.text = methodOf((light: Light) => textOf(light));
  descriptors.json = methodOf(async (light: Light) => JSON.parse(await textOf(light)));
  return Object.create(prototype, descriptors);
}

async function textOf(light: LightMessage<RealMessage>): Promise<string> {
  if (light.real !== null) return await light.real.text();
  if (light.used) throw new TypeError("Body is unusable: Body has already been read");
  light.used = light.body !== null;
  return light.body ?? "";
}

function getterOf<Light>(answer: (light: Light) => unknown): PropertyDescriptor {
  return {
    get(this: Holder<Light>) {
      return answer(this[LIGHT]);
    },
    enumerable: true,
    configurable: true,
  };
}

function methodOf<Light>(answer: (light: Light, args: unknown[]) => unknown): PropertyDescriptor {
  return {
    value(this: Holder<Light>, ...args: unknown[]) {
      return answer(this[LIGHT], args);
    },
    configurable: true,
    writable: true,
  };
}
