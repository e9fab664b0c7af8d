/** What the hall reads, by name. */
import type { AnswerSearch, Catalogue, Goods, GoodsSearch, Hall, Lang, Site } from "@yingda/api/types";
import { read, withQuery } from "./api";
import { recall, useResource, type Resource } from "./resource";

const hall = (): Promise<Hall> => recall("hall", () => read<Hall>("/hall"));

/** The key of the hall's site, as soon as it is known. Rejects with a `Problem` if it cannot be read. */
export const siteKey = async (): Promise<string> => (await hall()).site;

async function ofSite<T>(rest: string): Promise<T> {
  return read<T>(`/sites/${encodeURIComponent(await siteKey())}${rest}`);
}

/** Requests the hall's data before anything is drawn. Errors are shown where the data is used. */
export function beginReading(): void {
  hall().catch(() => undefined);
}

export const useHall = (): Resource<Hall> => useResource("hall", () => read<Hall>("/hall"));
export const useSite = (): Resource<Site> => useResource("site", () => ofSite<Site>(""));
export const useCatalogue = (): Resource<Catalogue> => useResource("catalogue", () => ofSite<Catalogue>("/catalogue"));

export const goodsKey = (id: string): string => `goods ${id}`;
export const readGoods = (id: string): Promise<Goods> => ofSite<Goods>(`/goods/${encodeURIComponent(id)}`);
export const recallGoods = (id: string): Promise<Goods> => recall(goodsKey(id), () => readGoods(id));
export const useGoods = (id: string): Resource<Goods> => useResource(goodsKey(id), () => readGoods(id));

export const useSearch = (q: string, lang: Lang): Resource<GoodsSearch> =>
  useResource(q === "" ? null : `search ${lang} ${q}`, () => ofSite<GoodsSearch>(withQuery("/goods", { q, lang })));

export const useAnswers = (q: string, lang: Lang): Resource<AnswerSearch> =>
  useResource(q === "" ? null : `answers ${lang} ${q}`, () => ofSite<AnswerSearch>(withQuery("/answers", { q, lang })));
