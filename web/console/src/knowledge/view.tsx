import type { KnowledgeEntry, KnowledgeOverview } from "@yingda/api/types";
import type { RefObject } from "react";
import { Editor, type EditorHandle } from "./editor";
import { KnowledgeHints } from "./page-head";
import { Proposed } from "./proposed";
import { Suspects } from "./suspects";
import { TestSet } from "./test-set";
import type { Undone } from "./undo";
import { Unsettled } from "./unsettled";
import type { Address } from "./use-address";
import type { Beginnings } from "./use-beginning";

interface Props {
  address: Address;
  beginning: Beginnings;
  publishes: boolean;
  now: KnowledgeOverview | undefined;
  editor: RefObject<EditorHandle | null>;
  onRemove(entry: KnowledgeEntry): void;
  onTry(text: string): void;
  onUndo(undo: Undone): void;
  onOpen(id: string): void;
}

/** In the middle of the page: the open entry, or one of the lists that work on all entries. */
export function View({ address, beginning, publishes, now, editor, onRemove, onTry, onUndo, onOpen }: Props) {
  const { view, selected, search, go } = address;
  return (
    <>
      {beginning.unsettled && (
        <Unsettled why={beginning.unsettled} settling={beginning.settling} onAgain={beginning.settleAgain} />
      )}
      {view === "proposed" ? (
        <Proposed
          asked={search.asked}
          reason={search.reason}
          onReason={(reason) => go({ reason }, true)}
          onMake={(group, words) => beginning.begin(words, group)}
          onUndo={onUndo}
          onOpen={onOpen}
        />
      ) : view === "suspects" ? (
        <Suspects onUndo={onUndo} onOpen={onOpen} />
      ) : view === "tests" ? (
        <TestSet now={now} onTry={onTry} onUndo={onUndo} />
      ) : selected ? (
        <Editor key={selected} id={selected} handle={editor} onRemove={onRemove} onOpen={onOpen} />
      ) : (
        <KnowledgeHints publishes={publishes} />
      )}
    </>
  );
}
