import { Button } from "@yingda/antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { KnowledgeEntry, UnansweredGroup } from "@yingda/api/types";
import { useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { Failed } from "../lib/failed";
import { say } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { useKeys } from "../lib/keys";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { may, useMe } from "../lib/session";
import { toast } from "../lib/toast";
import type { AnswersSearch } from "./search";
import { CategoriesDialog } from "./categories-dialog";
import { CheckCard } from "./check-card";
import { Editor, type EditorHandle } from "./editor";
import { ImportDialog } from "./import-dialog";
import { ListPane } from "./list-pane";
import { Suspects } from "./suspects";
import { YesterdayCard } from "./yesterday-card";
import { NewEntry, type Beginning } from "./new-entry";
import { KnowledgeHead, KnowledgeHints } from "./page-head";
import { Proposed } from "./proposed";
import { PublishDialog } from "./publish-dialog";
import {
  entry as entryQuery,
  overview,
  patchEntry,
  renewDraft,
  useCheck,
  useDeleteEntry,
  useSettle,
  unanswered,
  type EntryFilter,
} from "./queries";
import { TestSet } from "./test-set";
import { withPhrasings } from "./texts";
import { TryCard } from "./try-card";
import { useShortcuts } from "./use-shortcuts";
import { UndoBar, type Undone } from "./undo";
import { VersionsCard } from "./versions-card";
import "./knowledge.css";

type Open = "publish" | "import" | "categories" | null;
type Begun = { beginning: Beginning; group: UnansweredGroup | null } | null;

/** Teaches the bot: entries and their texts, trying, checking, publishing, and unanswered questions. */
export function KnowledgePage() {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const text = useProblemText();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const search = useSearch({ from: "/inside/bot/answers" });
  const me = useMe();
  // Those who may only write into the draft neither check nor publish it.
  const publishes = may(me, "knowledge.edit");
  const { entry: selected = null } = search;
  const view = search.view === "tests" && !publishes ? "entries" : (search.view ?? "entries");
  const filter: EntryFilter = {
    q: search.q ?? "",
    category: search.category ?? "",
    state: search.state ?? "",
    sort: search.sort ?? "",
  };
  const now = useQuery(overview);
  const check = useCheck();
  const remove = useDeleteEntry();
  const settle = useSettle();
  const [open, setOpen] = useState<Open>(null);
  const [begun, setBegun] = useState<Begun>(null);
  const [side, setSide] = useState<"entry" | "try">("entry");
  const [tried, setTried] = useState("");
  const [undo, setUndo] = useState<Undone | null>(null);
  // The entry was created, but the questions it was created from could not be settled: the reason.
  const [unsettled, setUnsettled] = useState<Error | null>(null);
  const editor = useRef<EditorHandle>(null);
  const box = useRef<HTMLInputElement>(null);
  const go = useCallback(
    (change: AnswersSearch, replace = false) => {
      void navigate({
        to: "/bot/answers",
        replace,
        search: (before) =>
          Object.fromEntries(
            Object.entries({ ...before, ...change }).filter(
              ([, value]) => value !== "" && value !== undefined && value !== "entries",
            ),
          ) as AnswersSearch,
      });
    },
    [navigate],
  );
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
  const beginCheck = () =>
    void saved().then((fine) => {
      if (fine) check.mutate(undefined, { onError: (error) => toast(text(error), "hot") });
    });
  const beginPublish = () =>
    void saved().then((fine) => {
      if (fine) void queryClient.refetchQueries({ queryKey: overview.queryKey }).then(() => setOpen("publish"));
    });

  useShortcuts({ beginCheck, beginPublish, saved }, publishes);
  useKeys({
    "/": () => {
      go({ view: "entries" });
      box.current?.focus();
    },
    "Alt+KeyQ": () => editor.current?.addPhrasing(),
  });

  const onRemove = (entry: KnowledgeEntry) =>
    remove.mutate(entry.id, {
      onSuccess: (gone) => {
        go({ entry: undefined });
        const back = () =>
          void patchEntry(gone.id, { removed: false }, gone.updated_at).then(
            () => renewDraft(queryClient),
            (error: unknown) => toast(text(error), "hot"),
          );
        const name = say(entry.draft.question, language);
        // An entry that was never live has no state once it is removed.
        const done = t(gone.state === null ? "removed.unpublished.done" : "removed.done", { name });
        setUndo({ key: Date.now(), text: done, act: back });
      },
      onError: (error) => toast(text(error), "hot"),
    });
  const settleNow = (what: Parameters<typeof settle.mutate>[0]) =>
    settle.mutate(what, { onSuccess: () => setUnsettled(null), onError: setUnsettled });
  const onMade = (made: KnowledgeEntry) => {
    const group = begun?.group;
    setBegun(null);
    if (group) settleNow({ asked: group.asked, settled: "answered", entry: made.id });
    openEntry(made.id);
  };
  const addPhrasing = async (words: string) => {
    if (!selected || !(await saved())) return;
    try {
      const current = await queryClient.fetchQuery({ ...entryQuery(selected), staleTime: 0 });
      const changed = await patchEntry(
        selected,
        { similar: withPhrasings(current.draft, [words]).similar },
        current.updated_at,
      );
      queryClient.setQueryData(entryQuery(selected).queryKey, changed);
      void renewDraft(queryClient);
      toast(t("try.added"));
    } catch (error) {
      toast(text(error), "hot");
    }
  };

  const state = now.data;
  // Counted as in the list: the same question asked repeatedly counts once.
  const toLearn = useQuery({ ...unanswered, enabled: (state?.unanswered ?? 0) > 0 }).data?.items.length ?? 0;
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
        onNew={() => setBegun({ beginning: { question: "", phrasings: [], category: filter.category }, group: null })}
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
          onNew={() => setBegun({ beginning: { question: "", phrasings: [] }, group: null })}
        />
        <div className="kn-main">
          <div className="row kn-narrow">
            <button
              type="button"
              className="kn-text-button kn-back"
              onClick={() => go({ entry: undefined, view: "entries" })}
            >
              <Icon name="left" />
              {t("back")}
            </button>
            <Choice<"entry" | "try">
              label={t("panes")}
              value={side}
              onChange={setSide}
              options={[
                { value: "entry", word: t("pane.entry") },
                { value: "try", word: t("pane.try") },
              ]}
            />
          </div>
          <div className="scroll kn-centre" data-pane tabIndex={-1}>
            <Failed of={now} />
            {unsettled && (
              <p className="notice hot kn-fault" role="alert">
                <span>{t("proposed.unsettled", { why: text(unsettled) })}</span>
                <Button
                  size="small"
                  loading={settle.isPending}
                  onClick={() => {
                    if (settle.variables) settleNow(settle.variables);
                  }}
                >
                  {t("again")}
                </Button>
              </p>
            )}
            {view === "proposed" ? (
              <Proposed
                asked={search.asked}
                reason={search.reason}
                onReason={(reason) => go({ reason }, true)}
                onMake={(group, beginning) => setBegun({ beginning, group })}
                onUndo={setUndo}
                onOpen={openEntry}
              />
            ) : view === "suspects" ? (
              <Suspects onUndo={setUndo} onOpen={openEntry} />
            ) : view === "tests" ? (
              <TestSet now={state} onTry={tryText} onUndo={setUndo} />
            ) : selected ? (
              <Editor key={selected} id={selected} handle={editor} onRemove={onRemove} onOpen={openEntry} />
            ) : (
              <KnowledgeHints publishes={publishes} />
            )}
          </div>
          <aside className="scroll kn-side" aria-label={t("side")} data-pane tabIndex={-1}>
            <TryCard
              text={tried}
              revision={state?.revision ?? 0}
              entry={view === "entries" ? selected : null}
              onText={setTried}
              onOpen={openEntry}
              onAdd={(words) => void addPhrasing(words)}
            />
            {state && publishes && <CheckCard now={state} onTry={tryText} beforeCheck={saved} />}
            {publishes && <YesterdayCard onTry={tryText} beforeCheck={saved} />}
            {state && publishes && <VersionsCard live={state.version} />}
          </aside>
        </div>
      </div>
      <UndoBar undo={undo} onOver={over} />
      {open === "publish" && state && <PublishDialog now={state} onClose={() => setOpen(null)} onOpen={openEntry} />}
      {open === "import" && <ImportDialog onClose={() => setOpen(null)} />}
      {open === "categories" && (
        <CategoriesDialog
          onClose={() => setOpen(null)}
          onShow={(category) => {
            setOpen(null);
            go({ category, q: "", state: "", sort: "", view: "entries", entry: undefined });
          }}
        />
      )}
      {begun && <NewEntry beginning={begun.beginning} onClose={() => setBegun(null)} onMade={onMade} />}
    </div>
  );
}
