/** Why a request was refused, in the code of docs and locales. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
  ) {
    super(code);
  }
}

/** One JSON request. Smaller than client.ts, which staff pages use. */
export async function ask<T>(path: string, body?: unknown): Promise<T> {
  const r = await fetch(
    `/api/v1/${path}`,
    body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) },
  );
  const data = (await r.json()) as T & { code?: string };
  if (!r.ok) throw new Refusal(data.code ?? "", r.status);
  return data;
}
