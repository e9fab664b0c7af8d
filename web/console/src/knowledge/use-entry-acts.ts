import { useQueryClient } from "@tanstack/react-query";
import type { KnowledgeEntry } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { toast } from "../lib/toast";
import { entry as entryQuery, patchEntry, renewDraft, useDeleteEntry } from "./queries";
import { withPhrasings } from "./texts";
import type { Undone } from "./undo";

interface Options {
  /** Saves the open entry first; false if that is not possible. */
  saved(): Promise<boolean>;
  onRemoved(): void;
  onUndo(undo: Undone): void;
}

/** What is done with the open entry as a whole: it is removed, or learns a phrasing that was tried. */
export function useEntryActs({ saved, onRemoved, onUndo }: Options) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const text = useProblemText();
  const queryClient = useQueryClient();
  const remove = useDeleteEntry();

  const onRemove = (entry: KnowledgeEntry) =>
    remove.mutate(entry.id, {
      onSuccess: (gone) => {
        onRemoved();
        const back = () =>
          void patchEntry(gone.id, { removed: false }, gone.updated_at).then(
            () => renewDraft(queryClient),
            (error: unknown) => toast(text(error), "hot"),
          );
        const name = say(entry.draft.question, language);
        // An entry that was never live has no state once it is removed.
        const done = t(gone.state === null ? "removed.unpublished.done" : "removed.done", { name });
        onUndo({ key: Date.now(), text: done, act: back });
      },
      onError: (error) => toast(text(error), "hot"),
    });
  const addPhrasing = async (id: string, words: string) => {
    if (!(await saved())) return;
    try {
      const current = await queryClient.fetchQuery({ ...entryQuery(id), staleTime: 0 });
      const changed = await patchEntry(
        id,
        { similar: withPhrasings(current.draft, [words]).similar },
        current.updated_at,
      );
      queryClient.setQueryData(entryQuery(id).queryKey, changed);
      void renewDraft(queryClient);
      toast(t("try.added"));
    } catch (error) {
      toast(text(error), "hot");
    }
  };
  return { onRemove, addPhrasing };
}
