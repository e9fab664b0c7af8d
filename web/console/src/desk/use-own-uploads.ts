import { useMemo } from "react";
import { useLive } from "../live/context";
import { useUploads } from "./uploads";

/** The files that are being uploaded into a conversation; each is sent once it is on the server. */
export function useOwnUploads(id: string) {
  const { list, add } = useUploads(useLive());
  return {
    uploads: useMemo(() => list.filter((one) => one.conversation === id), [list, id]),
    add: (files: Iterable<File>) => add(id, files),
  };
}
