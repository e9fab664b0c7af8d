import { infiniteQueryOptions, queryOptions, useMutation } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type {
  AppliedImport,
  GoodsChange,
  GoodsImport,
  IndicatorConversations,
  NewGoods,
  PriceHistory,
  StaffCategories,
  StaffCategory,
  StaffGoods,
  StaffGoodsList,
  UploadedPicture,
} from "@yingda/api/types";
import { useChange } from "../lib/mutations";
import type { GoodsSearch } from "./search";

/** The key prefix of everything about goods; a push from the server makes all of it stale. */
export const goodsKey = ["goods"] as const;

export type Filter = Omit<GoodsSearch, "open">;
const asQuery = ({ q, category, state, few, sort, deleted }: Filter) => ({
  q,
  category,
  state,
  few: few ? "true" : undefined,
  sort,
  deleted: deleted ? "true" : undefined,
});

export const goodsList = (filter: Filter) =>
  infiniteQueryOptions({
    queryKey: [...goodsKey, "list", filter],
    queryFn: ({ pageParam, signal }) =>
      call<StaffGoodsList>("GET", "/goods", { query: { ...asQuery(filter), cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });
export const product = (id: string) =>
  queryOptions({
    queryKey: [...goodsKey, "one", id],
    queryFn: ({ signal }) => call<StaffGoods>("GET", `/goods/${id}`, { signal }),
  });
export const prices = (id: string) =>
  queryOptions({
    queryKey: [...goodsKey, "prices", id],
    queryFn: ({ signal }) => call<PriceHistory>("GET", `/goods/${id}/prices`, { signal }),
  });
/** The conversations in which customers asked about a product. */
export const about = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...goodsKey, "about", id],
    queryFn: ({ pageParam, signal }) =>
      call<IndicatorConversations>("GET", `/goods/${id}/conversations`, { query: { cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
  });
export const categories = queryOptions({
  queryKey: [...goodsKey, "categories"],
  queryFn: ({ signal }) => call<StaffCategories>("GET", "/goods-categories", { signal }),
});

/** The URL of a file with what the list shows. */
export function exportUrl(format: "csv" | "xlsx", lang: string, filter: Filter) {
  const query = Object.entries({ format, lang, ...asQuery(filter) }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  return `/api/v1/goods-export?${new URLSearchParams(query)}`;
}

export const useCreateGoods = () =>
  useChange([goodsKey], (fields: NewGoods) => call<StaffGoods>("POST", "/goods", { body: fields }));
/** `seen` is the version the change is based on; the server refuses it with `conflict` if someone else was faster. */
export const useUpdateGoods = () =>
  useChange([goodsKey], ({ id, change }: { id: string; change: GoodsChange }) =>
    call<StaffGoods>("PATCH", `/goods/${id}`, { body: change }),
  );
export const useDeleteGoods = () => useChange([goodsKey], (id: string) => call<undefined>("DELETE", `/goods/${id}`));
export const useRestoreGoods = () =>
  useChange([goodsKey], (id: string) => call<StaffGoods>("POST", `/goods/${id}/restore`));

export const useCreateCategory = () =>
  useChange([goodsKey], (name: { zh: string; en: string }) =>
    call<StaffCategory>("POST", "/goods-categories", { body: { name } }),
  );
export const useUpdateCategory = () =>
  useChange(
    [goodsKey],
    ({ id, ...body }: { id: string; name?: { zh: string; en: string }; position?: number; seen: number }) =>
      call<StaffCategory>("PATCH", `/goods-categories/${id}`, { body }),
  );
export const useDeleteCategory = () =>
  useChange([goodsKey], (id: string) => call<undefined>("DELETE", `/goods-categories/${id}`));

export const useUploadPicture = () =>
  useMutation({ mutationFn: (file: Blob) => call<UploadedPicture>("POST", "/goods-pictures", { file }) });
export const usePrepareImport = () =>
  useMutation({ mutationFn: (file: Blob) => call<GoodsImport>("POST", "/goods-imports", { file }) });
export const useLookAgain = () =>
  useMutation({ mutationFn: (id: string) => call<GoodsImport>("GET", `/goods-imports/${id}`) });
/** Discards an import that is no longer wanted. */
export const useDiscardImport = () =>
  useMutation({ mutationFn: (id: string) => call<undefined>("DELETE", `/goods-imports/${id}`) });
export const useApplyImport = () =>
  useChange([goodsKey], ({ id, seen }: { id: string; seen: string }) =>
    call<AppliedImport>("POST", `/goods-imports/${id}/apply`, { body: { seen } }),
  );
