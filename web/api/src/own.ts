/**
 * What a table has under a key that comes from outside: a code, a name, a unit. `table[key]` would also find what every object inherits, such as `constructor`;
 * a table that is not JSON can be a `Map` instead.
 */
export const ownOf = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  // `Object.hasOwn` is not in older browsers.
  Object.getOwnPropertyDescriptor(table, key)?.value;
