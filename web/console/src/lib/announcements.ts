import { queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";

/** What the staff are told, and whom the reader may tell something. */
export const announcements = queryOptions({
  queryKey: ["announcements"],
  queryFn: ({ signal }) => call("GET", "/staff-announcements", { signal }),
});
