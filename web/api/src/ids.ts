/** The 32 hex digits of a UUID: version 7 contains the time, version 4 is random. Also works on plain HTTP pages, unlike `crypto.randomUUID`. */
function hex(version: 4 | 7): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const digits = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  const head = version === 7 ? Date.now().toString(16).padStart(12, "0") : digits.slice(20);
  return `${head}${version}${digits.slice(0, 3)}${"89ab"[(bytes[8] ?? 0) & 3]}${digits.slice(3, 18)}`;
}

export const uuid = (): string => hex(4).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");

/** A new public id: a prefix and a UUIDv7. */
export const newId = (prefix: string): string => `${prefix}_${hex(7)}`;
