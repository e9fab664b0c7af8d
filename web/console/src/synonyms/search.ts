/** The search parameters of the synonyms. */
export interface SynonymsSearch {
  q?: string;
  lang?: "zh-CN" | "en";
  /** Only groups with a word that another group has as well. */
  shared?: true;
}

export const synonymsSearch = (search: Record<string, unknown>): SynonymsSearch => ({
  ...(typeof search.q === "string" && search.q !== "" ? { q: search.q } : {}),
  ...(search.lang === "zh-CN" || search.lang === "en" ? { lang: search.lang } : {}),
  ...(search.shared === true ? { shared: true } : {}),
});
