/** What the loader keeps on the host page. */
export type Options = Record<string, unknown>;
export type Handler = (data: unknown) => void;
export type Api = ((...args: unknown[]) => void) & { q?: Iterable<unknown>[] };
/** A loader in a window of this tab. Of those of one site, that of the lowest rank draws the launcher, and takes the calls of the others. */
export interface Loader {
  d: Document;
  rank: number;
  site: string;
  api: Api;
  tell: (name: string, data?: unknown) => void;
  settle: () => void;
}
export type Page = Window & { yingda?: Api; yingdaLoaders?: Set<Loader> };
