import type { KnowledgeOverview } from "@yingda/api/types";
import { CategoriesDialog } from "./categories-dialog";
import { ImportDialog } from "./import-dialog";
import { PublishDialog } from "./publish-dialog";

export type OpenDialog = "publish" | "import" | "categories" | null;

interface Props {
  open: OpenDialog;
  now: KnowledgeOverview | undefined;
  onClose(): void;
  onOpenEntry(id: string): void;
  onShowCategory(category: string): void;
}

/** What is done with all entries, each in a dialog of its own. */
export function PageDialogs({ open, now, onClose, onOpenEntry, onShowCategory }: Props) {
  return (
    <>
      {open === "publish" && now && <PublishDialog now={now} onClose={onClose} onOpen={onOpenEntry} />}
      {open === "import" && <ImportDialog onClose={onClose} />}
      {open === "categories" && (
        <CategoriesDialog
          onClose={onClose}
          onShow={(category) => {
            onClose();
            onShowCategory(category);
          }}
        />
      )}
    </>
  );
}
