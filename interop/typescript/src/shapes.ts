// At run time the generated types are gone. Here their shapes are values, which the compiler compares with the types: they
// turn the fields of a line into a body, reject what a caller's compiler would reject, and pick from a response the members
// that its type has.

export type Fields = Record<string, unknown>;

/** A call that the generated types do not allow. */
export class Inexpressible extends Error {}

type Reader<T> = (value: unknown) => T;
type Optional<T> = { optional: Reader<T> };

/** How to read each field of a form: the compiler sees to it that none is missing, or of a wrong type. */
type Shape<F> = {
  [K in keyof F]-?: Record<never, never> extends Pick<F, K> ? Optional<Exclude<F[K], undefined>> : Reader<F[K]>;
};

export function body<F extends object>(fields: Fields, shape: Shape<F>): F {
  const readers = shape as Record<string, Reader<unknown> | Optional<unknown>>;
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    const reader = readers[name];
    if (reader === undefined) throw new Inexpressible(`${name}: no such field`);
    try {
      result[name] = (typeof reader === "function" ? reader : reader.optional)(value);
    } catch (problem) {
      throw new Inexpressible(`${name}: ${(problem as Error).message}`);
    }
  }
  for (const [name, reader] of Object.entries(readers)) {
    if (typeof reader === "function" && !(name in result)) throw new Inexpressible(`${name}: needed`);
  }
  return result as F;
}

export const optional = <T>(reader: Reader<T>): Optional<T> => ({ optional: reader });

export const text: Reader<string> = (value) => {
  if (typeof value !== "string") throw new Error("not a text");
  return value;
};

export const integer: Reader<number> = (value) => {
  if (!Number.isInteger(value)) throw new Error("not an integer");
  return value as number;
};

export const number: Reader<number> = (value) => {
  if (typeof value !== "number") throw new Error("not a number");
  return value;
};

export const flag: Reader<boolean> = (value) => {
  if (typeof value !== "boolean") throw new Error("not a boolean");
  return value;
};

/** One of the values of an enum. */
export const one =
  <const T extends string | number>(...values: T[]): Reader<T> =>
  (value) => {
    if (!values.includes(value as T)) throw new Error(`none of ${values.join(", ")}`);
    return value as T;
  };

/** A list or an object goes into its field as JSON text. */
export const json: Reader<string> = (value) => (typeof value === "string" ? value : JSON.stringify(value));

/** The members of a type: true for a value, else the members of what it holds. */
export type Members<T> = T extends readonly (infer Item)[]
  ? [Members<NonNullable<Item>>]
  : T extends object
    ? string extends keyof T
      ? true // any members
      : { [K in keyof T]-?: Members<NonNullable<T[K]>> }
    : true;

/** The members of a response that its type has. */
export function typed(value: unknown, members: unknown): unknown {
  if (members === true || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => typed(item, (members as unknown[])[0]));
  const known = Object.entries(value).filter(([name]) => name in (members as object));
  return Object.fromEntries(known.map(([name, member]) => [name, typed(member, (members as Record<string, unknown>)[name])]));
}
