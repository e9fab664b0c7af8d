import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { useKeys } from "../lib/keys";
import { useProblemText } from "../lib/problem";
import { may, useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { CheckCard } from "./check-card";
import type { EditorHandle } from "./editor";
import { ListPane } from "./list-pane";
import { NarrowBar, type Side } from "./narrow-bar";
import { NewEntry } from "./new-entry";
import { PageDialogs, type OpenDialog } from "./page-dialogs";
import { KnowledgeHead } from "./page-head";
import { overview, unansweredCount, useCheck } from "./queries";
import { TryCard } from "./try-card";
import { UndoBar, type Undone } from "./undo";
import { useAddress, type Address } from "./use-address";
import { useBeginning } from "./use-beginning";
import { useEntryActs } from "./use-entry-acts";
import { useShortcuts } from "./use-shortcuts";
import { VersionsCard } from "./versions-card";
import { View } from "./view";
import { YesterdayCard } from "./yesterday-card";
import "./knowledge.css";

/** Checking and publishing the draft: the open entry is saved first, and they begin only if that is possible. */
function useDraftActs(saved: () => Promise<boolean>, onPublish: () => void) {
  const text = useProblemText();
  const queryClient = useQueryClient();
  const check = useCheck();
  const beginCheck = () =>
    void saved().then((fine) => {
      if (fine) check.mutate(undefined, { onError: (error) => toast(text(error), "hot") });
    });
  const beginPublish = () =>
    void saved().then((fine) => {
      if (fine) void queryClient.refetchQueries({ queryKey: overview.queryKey }).then(onPublish);
    });
  return { beginCheck, beginPublish };
}

/** Opens the import if the address says so, which is forgotten then. */
function useImportFromAddress({ search, go }: Address, publishes: boolean, onOpen: (dialog: OpenDialog) => void) {
  const isAsked = publishes && search.open === "import";
  useEffect(() => {
    if (!isAsked) return;
    onOpen("import");
    go({ open: undefined }, true);
  }, [isAsked, go, onOpen]);
}

/** Teaches the bot: entries and their texts, trying, checking, publishing, and unanswered questions. */
export function KnowledgePage() {
  const { t } = useTranslation("knowledge");
  const me = useMe();
  // Those who may only write into the draft neither check nor publish it.
  const publishes = may(me, "knowledge.edit");
  const address = useAddress(publishes);
  const { filter, view, selected, go } = address;
  const now = useQuery(overview);
  const [open, setOpen] = useState<OpenDialog>(null);
  const [side, setSide] = useState<Side>("entry");
  const [tried, setTried] = useState("");
  const [undo, setUndo] = useState<Undone | null>(null);
  useImportFromAddress(address, publishes, setOpen);
  const editor = useRef<EditorHandle>(null);
  const box = useRef<HTMLInputElement>(null);
  const openEntry = useCallback(
    (id: string) => {
      setSide("entry");
      go({ entry: id, view: "entries", asked: undefined, reason: undefined });
    },
    [go],
  );
  const over = useCallback(() => setUndo(null), []);
  const saved = () => editor.current?.save() ?? Promise.resolve(true);
  const tryText = (words: string) => {
    setTried(words);
    setSide("try");
  };
  const { beginCheck, beginPublish } = useDraftActs(saved, () => setOpen("publish"));
  const beginning = useBeginning(openEntry);
  const { onRemove, addPhrasing } = useEntryActs({ saved, onRemoved: () => go({ entry: undefined }), onUndo: setUndo });
  useShortcuts({ beginCheck, beginPublish, saved }, publishes);
  useKeys({
    "/": () => {
      go({ view: "entries" });
      box.current?.focus();
    },
    "Alt+KeyQ": () => editor.current?.addPhrasing(),
  });

  const state = now.data;
  // Counted as in the list: the same question asked repeatedly counts once.
  const toLearn = useQuery({ ...unansweredCount, enabled: (state?.unanswered ?? 0) > 0 }).data?.groups ?? 0;
  return (
    <div
      className="page kn-page"
      data-view={view}
      data-open={selected !== null || view !== "entries" ? "true" : "false"}
      data-side={side}
    >
      <KnowledgeHead
        view={view}
        state={state}
        toLearn={toLearn}
        publishes={publishes}
        onView={(next) => go({ view: next, asked: undefined, reason: undefined })}
        onNew={() => beginning.begin({ question: "", phrasings: [], category: filter.category })}
        onImport={() => setOpen("import")}
        onCategories={() => setOpen("categories")}
        onPublish={beginPublish}
      />
      <div className="kn-panes">
        <ListPane
          filter={filter}
          selected={selected}
          proposed={toLearn}
          search={box}
          onFilter={(change) => go(change, true)}
          onOpen={openEntry}
          onProposed={() => go({ view: "proposed", asked: undefined })}
          onNew={() => beginning.begin({ question: "", phrasings: [] })}
        />
        <div className="kn-main">
          <NarrowBar side={side} onSide={setSide} onBack={() => go({ entry: undefined, view: "entries" })} />
          <div className="scroll kn-centre" data-pane tabIndex={-1}>
            <Failed of={now} />
            <View
              address={address}
              beginning={beginning}
              publishes={publishes}
              now={state}
              editor={editor}
              onRemove={onRemove}
              onTry={tryText}
              onUndo={setUndo}
              onOpen={openEntry}
            />
          </div>
          <aside className="scroll kn-side" aria-label={t("side")} data-pane tabIndex={-1}>
            <TryCard
              text={tried}
              revision={state?.revision ?? 0}
              entry={view === "entries" ? selected : null}
              onText={setTried}
              onOpen={openEntry}
              onAdd={(words) => void (selected && addPhrasing(selected, words))}
            />
            {state && publishes && <CheckCard now={state} onTry={tryText} beforeCheck={saved} />}
            {publishes && <YesterdayCard onTry={tryText} beforeCheck={saved} />}
            {state && publishes && <VersionsCard live={state.version} />}
          </aside>
        </div>
      </div>
      <UndoBar undo={undo} onOver={over} />
      <PageDialogs
        open={open}
        now={state}
        onClose={() => setOpen(null)}
        onOpenEntry={openEntry}
        onShowCategory={(category) => go({ category, q: "", state: "", sort: "", view: "entries", entry: undefined })}
      />
      {beginning.beginning && (
        <NewEntry beginning={beginning.beginning} onClose={beginning.end} onMade={beginning.onMade} />
      )}
    </div>
  );
}
