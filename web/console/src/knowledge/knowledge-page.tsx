import { Button, Popup } from "@yingda/antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { urlOf } from "@yingda/api/operations";
import type { KnowledgeEntry, UnansweredGroup } from "@yingda/api/types";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { Failed } from "../lib/failed";
import { count } from "../lib/format";
import { say } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { Kbd } from "../lib/kbd";
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

  const onKeys = useRef({ beginCheck, beginPublish, saved });
  useEffect(() => {
    onKeys.current = { beginCheck, beginPublish, saved };
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (
        !(event.ctrlKey || event.metaKey) ||
        event.altKey ||
        event.isComposing ||
        document.querySelector("dialog[open]")
      )
        return;
      const act = {
        s: () => void onKeys.current.saved(),
        e: onKeys.current.beginCheck,
        Enter: onKeys.current.beginPublish,
      }[event.key];
      if (!act || (event.key !== "s" && !publishes)) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [publishes]);
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
      <header className="page-head">
        <h1>{t("title")}</h1>
        <Choice
          label={t("views")}
          value={view}
          onChange={(next) => go({ view: next, asked: undefined, reason: undefined })}
          options={[
            {
              value: "entries" as const,
              word: (
                <>
                  {t("view.entries")}
                  {state && <span className="t3 plain n">{state.entries}</span>}
                </>
              ),
            },
            {
              value: "proposed" as const,
              word: (
                <>
                  {t("view.proposed")}
                  {toLearn > 0 && <span className="t3 plain n">{count(toLearn, language)}</span>}
                </>
              ),
            },
            { value: "suspects" as const, word: t("view.suspects") },
            {
              value: "tests" as const,
              word: (
                <>
                  {t("view.tests")}
                  {state && <span className="t3 plain n">{state.tests}</span>}
                </>
              ),
            },
          ].filter((one) => publishes || one.value !== "tests")}
        />
        <span className="grow" />
        {state && (
          <span className="s2 t3 kn-status">
            {state.version > 0 ? t("status.live", { number: state.version }) : t("status.never")}
            <span className="dot" />
            {state.changes === 0 ? t("status.no_changes") : t("status.changes", { count: state.changes })}
          </span>
        )}
        <Button
          onClick={() =>
            setBegun({ beginning: { question: "", phrasings: [], category: filter.category }, group: null })
          }
        >
          <Icon name="plus" />
          {t("new")}
        </Button>
        {publishes && (
          <Popup
            label={t("acts")}
            className="kn-menu"
            trigger={(props) => (
              <button {...props} className="ib" aria-label={t("acts")} title={t("acts")}>
                <Icon name="more" />
              </button>
            )}
          >
            {(close) => (
              <ul>
                <li>
                  <button
                    type="button"
                    onClick={() => {
                      close();
                      setOpen("import");
                    }}
                  >
                    <Icon name="table" />
                    {t("import")}
                  </button>
                </li>
                <li>
                  <a href={urlOf("/knowledge/export.csv")} download onClick={close}>
                    <Icon name="download" />
                    {t("export")}
                  </a>
                </li>
                <li>
                  <button
                    type="button"
                    onClick={() => {
                      close();
                      setOpen("categories");
                    }}
                  >
                    <Icon name="book" />
                    {t("categories")}
                  </button>
                </li>
              </ul>
            )}
          </Popup>
        )}
        {publishes && (
          <Button type="primary" disabled={!state || state.changes === 0} onClick={beginPublish}>
            {t("publish", { number: state?.next ?? 1 })}
          </Button>
        )}
      </header>
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
              <div className="empty kn-choose">
                <p>{t("choose_entry")}</p>
                <ul className="kn-hints">
                  <li>
                    <Kbd keys="/" /> {t("search")}
                  </li>
                  <li>
                    <Kbd keys="Ctrl S" /> {t("key.save")}
                  </li>
                  {publishes && (
                    <>
                      <li>
                        <Kbd keys="Ctrl E" /> {t("check.run")}
                      </li>
                      <li>
                        <Kbd keys="Ctrl ↵" /> {t("key.publish")}
                      </li>
                    </>
                  )}
                </ul>
              </div>
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
