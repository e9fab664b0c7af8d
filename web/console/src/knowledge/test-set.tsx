import { useQuery } from "@tanstack/react-query";
import type { KnowledgeTest, KnowledgeOverview } from "@yingda/api/types";
import { useId, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { count } from "../lib/format";
import { say } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { useFolded } from "../lib/normal";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { SearchField } from "../lib/search-field";
import { Table } from "../lib/table";
import type { Column } from "../lib/table-model";
import { toast } from "../lib/toast";
import { NewTest } from "./new-test";
import { named, testSet, useCreateTest, useDeleteTest } from "./queries";
import { isNoEntry, TestEditor } from "./test-row";
import type { Undone } from "./undo";

interface TestActsProps {
  /** Of the button that edits it: it gets the focus back. */
  id: string;
  test: KnowledgeTest;
  onEdit(): void;
  onDrop(): void;
}

function TestActs({ id, test, onEdit, onDrop }: TestActsProps) {
  const { t } = useTranslation("knowledge");
  return (
    <>
      <button
        type="button"
        id={id}
        className="ib s"
        aria-label={t("tests.edit", { name: test.sentence })}
        title={t("tests.edit_short")}
        onClick={onEdit}
      >
        <Icon name="edit" />
      </button>
      <button
        type="button"
        className="ib s"
        aria-label={t("tests.remove", { name: test.sentence })}
        title={t("remove")}
        onClick={onDrop}
      >
        <Icon name="trash" />
      </button>
    </>
  );
}

/** Which row is being edited; afterwards it gets the focus back. */
function useEdited(id: string) {
  const [edited, setEdited] = useState<string | null>(null);
  const left = useRef<string | null>(null);
  const done = (one: string) => {
    left.current = one;
    setEdited(null);
  };
  useLayoutEffect(() => {
    if (edited === null && left.current !== null) {
      document.getElementById(`${id}${left.current}`)?.focus();
      left.current = null;
    }
  }, [edited, id]);
  return { edited, edit: setEdited, done };
}

/** Sentences with what the bot should do, and what it did in the last check. */
export function TestSet({
  now,
  onTry,
  onUndo,
}: {
  now: KnowledgeOverview | undefined;
  onTry(text: string): void;
  onUndo(undo: Undone): void;
}) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const text = useProblemText();
  const id = useId();
  const list = useQuery(testSet);
  const names = useQuery(named((list.data?.items ?? []).map((one) => one.expected).filter((one) => !isNoEntry(one))));
  const create = useCreateTest();
  const remove = useDeleteTest();
  const [wanted, setWanted] = useState("");
  const { edited, edit, done } = useEdited(id);
  const nameOf = (which: string) =>
    isNoEntry(which)
      ? t(`expected.${which}`)
      : say(names.data?.find((one) => one.id === which)?.question, language) || (names.data ? t("expected.gone") : "");
  const fold = useFolded();
  const items = (list.data?.items ?? []).filter(
    (one) => wanted === "" || fold(`${one.sentence} ${nameOf(one.expected)}`).includes(fold(wanted)),
  );
  const verdictOf = (test: KnowledgeTest) =>
    now?.run?.result ? (now.run.result.cases.find((one) => one.id === test.id)?.draft.verdict ?? "right") : null;
  const drop = (test: KnowledgeTest) =>
    remove.mutate(test.id, {
      onSuccess: () =>
        onUndo({
          key: Date.now(),
          text: t("tests.removed", { name: test.sentence }),
          act: () => create.mutate({ sentence: test.sentence, lang: test.lang, expected: test.expected }),
        }),
      onError: (error) => toast(text(error), "hot"),
    });
  const columns: readonly Column<KnowledgeTest>[] = [
    {
      id: "sentence",
      title: t("tests.sentence"),
      isHeading: true,
      cell: (test) => (
        <button type="button" className="link kn-test" lang={test.lang} dir="auto" onClick={() => onTry(test.sentence)}>
          {test.sentence}
        </button>
      ),
    },
    { id: "expected", title: t("tests.expected"), narrow: "line", cell: (test) => nameOf(test.expected) },
    {
      id: "last",
      title: t("tests.last"),
      className: "nowrap",
      cell: (test) => {
        const verdict = verdictOf(test);
        if (!verdict) return t("tests.never");
        const tone = verdict === "right" ? "ok" : verdict === "wrong" ? "hot" : "warn";
        return <span className={`tag ${tone}`}>{t(`verdict.${verdict}`)}</span>;
      },
    },
    {
      id: "acts",
      title: t("tests.acts"),
      isTitleHidden: true,
      align: "end",
      narrow: "beside",
      cell: (test) => (
        <TestActs id={`${id}${test.id}`} test={test} onEdit={() => edit(test.id)} onDrop={() => drop(test)} />
      ),
    },
  ];
  return (
    <section className="kn-tests" aria-label={t("tests")} data-pane tabIndex={-1}>
      <header className="row wrap">
        <h2>{t("tests")}</h2>
        <span className="t3">{count(list.data?.items.length, language)}</span>
        <span className="grow" />
        <SearchField className="kn-tests-search" label={t("tests.search")} value={wanted} onChange={setWanted} />
      </header>
      <p className="s2 t2">{t("tests.what")}</p>
      <NewTest />
      <Failed of={list} />
      {list.isPending && (
        <div role="status" aria-label={t("loading")}>
          {[1, 2].map((n) => (
            <span key={n} className="skeleton kn-skeleton-tall" />
          ))}
        </div>
      )}
      {list.isSuccess && list.data.items.length === 0 && (
        <div className="empty">
          <p>{t("tests.none")}</p>
          <p>{t("tests.none_what")}</p>
        </div>
      )}
      {items.length > 0 && (
        <Table
          label={t("tests")}
          className="card"
          columns={columns}
          rows={items}
          keyOf={(test) => test.id}
          instead={(test) => (edited === test.id ? <TestEditor test={test} onDone={() => done(test.id)} /> : null)}
        />
      )}
    </section>
  );
}
