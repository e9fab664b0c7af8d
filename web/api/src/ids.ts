/** A random UUID; works on plain-http pages too, where `crypto.randomUUID` is missing. */
export function uuid(): string {
  return hex(random(16), 4).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** A UUIDv7 in 32 lower-case hex digits behind a prefix, the form of every public id. */
export function newId(prefix: string): string {
  const bytes = random(16);
  let now = Date.now();
  for (let i = 5; i >= 0; i--) {
    bytes[i] = now % 256;
    now = Math.floor(now / 256);
  }
  return `${prefix}_${hex(bytes, 7)}`;
}

function random(n: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(n));
}

function hex(bytes: Uint8Array, version: number): string {
  bytes[6] = ((bytes[6] ?? 0) & 15) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 63) | 128;
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}
