/** Why a request was refused: the code used in docs and locales, and the HTTP status. */
export interface Refusal {
  code?: string;
  status?: number;
}

/** One JSON request; rejects with a `Refusal`. Smaller than client.ts, which staff pages use. */
export async function ask<T>(path: string, body?: unknown): Promise<T> {
  const r = await fetch(
    `/api/v1/${path}`,
    body === undefined
      ? {}
      : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) },
  );
  const data = (await r.json()) as T & Refusal;
  if (!r.ok) throw Object.assign(new Error(data.code), { code: data.code, status: r.status });
  return data;
}
