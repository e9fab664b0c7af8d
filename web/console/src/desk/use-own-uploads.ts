import { useCallback, useMemo } from "react";
import { useLive } from "../live/context";
import { useUploads } from "./uploads";

/** The files that are being uploaded into a conversation; each is sent once it is on the server. */
export function useOwnUploads(id: string) {
  const live = useLive();
  const { list, add } = useUploads({
    chosen: useCallback((conversation: string, name: string) => live.chosen(conversation, name), [live]),
    settled: useCallback((conversation: string, remembered: string) => live.drop(conversation, remembered), [live]),
    uploaded: useCallback(
      (conversation: string, file: string) => {
        live.send(conversation, { type: "file", file });
      },
      [live],
    ),
  });
  return {
    uploads: useMemo(() => list.filter((one) => one.conversation === id), [list, id]),
    add: (files: Iterable<File>) => add(id, files),
  };
}
