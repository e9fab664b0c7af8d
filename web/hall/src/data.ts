/** What the hall reads, by name. */
import type { AnswerSearch, Catalogue, Goods, GoodsSearch, Hall, Lang, Site } from "@yingda/api/types";
import { call } from "./api";
import { recall, useResource, type Resource } from "./resource";

const readHall = (): Promise<Hall> => call("GET", "/hall");
const hall = (): Promise<Hall> => recall("hall", readHall);

/** The key of the hall's site, as soon as it is known. Rejects with a `Problem` if it cannot be read. */
export const siteKey = async (): Promise<string> => (await hall()).site;

/** What the address of anything of the site begins with. */
const ofSite = async (): Promise<{ key: string }> => ({ key: await siteKey() });

/** Requests the hall's data before anything is drawn. Errors are shown where the data is used. */
export function beginReading(): void {
  hall().catch(() => undefined);
}

export const useHall = (): Resource<Hall> => useResource("hall", readHall);
export const useSite = (): Resource<Site> =>
  useResource("site", async () => call("GET", "/sites/{key}", { path: await ofSite() }));
export const useCatalogue = (): Resource<Catalogue> =>
  useResource("catalogue", async () => call("GET", "/sites/{key}/catalogue", { path: await ofSite() }));

export const goodsKey = (id: string): string => `goods ${id}`;
export const readGoods = async (id: string): Promise<Goods> =>
  call("GET", "/sites/{key}/goods/{id}", { path: { ...(await ofSite()), id } });
export const recallGoods = (id: string): Promise<Goods> => recall(goodsKey(id), () => readGoods(id));
export const useGoods = (id: string): Resource<Goods> => useResource(goodsKey(id), () => readGoods(id));

export const useSearch = (q: string, lang: Lang): Resource<GoodsSearch> =>
  useResource(q === "" ? null : `search ${lang} ${q}`, async () =>
    call("GET", "/sites/{key}/goods", { path: await ofSite(), query: { q, lang } }),
  );

export const useAnswers = (q: string, lang: Lang): Resource<AnswerSearch> =>
  useResource(q === "" ? null : `answers ${lang} ${q}`, async () =>
    call("GET", "/sites/{key}/answers", { path: await ofSite(), query: { q, lang } }),
  );
