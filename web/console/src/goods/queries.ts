import { infiniteQueryOptions, queryOptions, useMutation } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import { type Body, urlOf } from "@yingda/api/operations";
import type { Bilingual, GoodsChange, Lang, NewGoods } from "@yingda/api/types";
import { useChange } from "../lib/mutations";
import type { GoodsSearch } from "./search";

/** The key prefix of everything about goods; a push from the server makes all of it stale. */
export const goodsKey = ["goods"] as const;

export type Filter = Omit<GoodsSearch, "open">;
const asQuery = ({ q, category, state, few, sort, deleted }: Filter) => ({ q, category, state, few, sort, deleted });

export const goodsList = (filter: Filter) =>
  infiniteQueryOptions({
    queryKey: [...goodsKey, "list", filter],
    queryFn: ({ pageParam, signal }) =>
      call("GET", "/goods", { query: { ...asQuery(filter), cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });
export const product = (id: string) =>
  queryOptions({
    queryKey: [...goodsKey, "one", id],
    queryFn: ({ signal }) => call("GET", "/goods/{id}", { path: { id }, signal }),
  });
export const prices = (id: string) =>
  queryOptions({
    queryKey: [...goodsKey, "prices", id],
    queryFn: ({ signal }) => call("GET", "/goods/{id}/prices", { path: { id }, signal }),
  });
/** The conversations in which customers asked about a product. */
export const about = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...goodsKey, "about", id],
    queryFn: ({ pageParam, signal }) =>
      call("GET", "/goods/{id}/conversations", { path: { id }, query: { cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
  });
export const categories = queryOptions({
  queryKey: [...goodsKey, "categories"],
  queryFn: ({ signal }) => call("GET", "/goods-categories", { signal }),
});

/** The URL of a file with what the list shows. */
export const exportUrl = (format: "csv" | "xlsx", lang: Lang, filter: Filter) =>
  urlOf("/goods-export", { query: { format, lang, ...asQuery(filter) } });

export const useCreateGoods = () =>
  useChange([goodsKey], (fields: NewGoods) => call("POST", "/goods", { body: fields }));
/** `seen` is the version the change is based on; the server refuses it with `conflict` if someone else was faster. */
export const useUpdateGoods = () =>
  useChange([goodsKey], ({ id, change }: { id: string; change: GoodsChange }) =>
    call("PATCH", "/goods/{id}", { path: { id }, body: change }),
  );
export const useDeleteGoods = () =>
  useChange([goodsKey], (id: string) => call("DELETE", "/goods/{id}", { path: { id } }));
export const useRestoreGoods = () =>
  useChange([goodsKey], (id: string) => call("POST", "/goods/{id}/restore", { path: { id } }));

export const useCreateCategory = () =>
  useChange([goodsKey], (name: Bilingual) => call("POST", "/goods-categories", { body: { name } }));
export const useUpdateCategory = () =>
  useChange([goodsKey], ({ id, ...body }: { id: string } & Body<"PATCH", "/goods-categories/{id}">) =>
    call("PATCH", "/goods-categories/{id}", { path: { id }, body }),
  );
export const useDeleteCategory = () =>
  useChange([goodsKey], (id: string) => call("DELETE", "/goods-categories/{id}", { path: { id } }));

export const useUploadPicture = () =>
  useMutation({ mutationFn: (file: Blob) => call("POST", "/goods-pictures", { file }) });
export const usePrepareImport = () =>
  useMutation({ mutationFn: (file: Blob) => call("POST", "/goods-imports", { file }) });
export const useLookAgain = () =>
  useMutation({ mutationFn: (id: string) => call("GET", "/goods-imports/{id}", { path: { id } }) });
/** Discards an import that is no longer wanted. */
export const useDiscardImport = () =>
  useMutation({ mutationFn: (id: string) => call("DELETE", "/goods-imports/{id}", { path: { id } }) });
export const useApplyImport = () =>
  useChange([goodsKey], ({ id, seen }: { id: string; seen: string }) =>
    call("POST", "/goods-imports/{id}/apply", { path: { id }, body: { seen } }),
  );
