/**
 * Checks that a value read from a file has the shape that a type promises. A handful of combinators for records of
 * the bench; not a schema library, and nothing for user-facing documents.
 */

/** Throws TypeError with the path of what is wrong. */
export type Check = (value: unknown, path: string) => void;

function refuse(path: string, wanted: string, value: unknown): never {
  const got = value === undefined ? 'nothing' : (JSON.stringify(value)?.slice(0, 60) ?? 'nothing');
  throw new TypeError(`${path} must be ${wanted}, got ${got}.`);
}

export const number: Check = (value, path) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) refuse(path, 'a number', value);
};

export const count: Check = (value, path) => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    refuse(path, 'a whole number >= 0', value);
  }
};

export const text: Check = (value, path) => {
  if (typeof value !== 'string') refuse(path, 'a text', value);
};

export const flag: Check = (value, path) => {
  if (typeof value !== 'boolean') refuse(path, 'true or false', value);
};

export const oneOf =
  (...allowed: readonly unknown[]): Check =>
  (value, path) => {
    if (!allowed.includes(value)) refuse(path, `one of ${allowed.join(', ')}`, value);
  };

export const orNull =
  (check: Check): Check =>
  (value, path) => {
    if (value !== null) check(value, path);
  };

export const listOf =
  (check: Check, least = 0): Check =>
  (value, path) => {
    if (!Array.isArray(value) || value.length < least) {
      refuse(path, `a list of at least ${least}`, value);
    }
    for (const [index, one] of value.entries()) check(one, `${path}[${index}]`);
  };

/** Keys that are not named may be there too: newer writers add some. */
export const object =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      refuse(path, 'an object', value);
    }
    for (const [key, check] of Object.entries(fields)) {
      check((value as Record<string, unknown>)[key], path === '' ? key : `${path}.${key}`);
    }
  };

/** Any keys, values that all pass. */
export const mapOf =
  (check: Check): Check =>
  (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      refuse(path, 'an object', value);
    }
    for (const [key, one] of Object.entries(value)) check(one, `${path}.${key}`);
  };
