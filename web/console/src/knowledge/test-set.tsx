import { Button, Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { KnowledgeTest, KnowledgeOverview } from "@yingda/api/types";
import { useId, useLayoutEffect, useRef, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { Field } from "../lib/field";
import { count } from "../lib/format";
import { say } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { usePrefs } from "../lib/prefs";
import { isProblem, useProblemText } from "../lib/problem";
import { SearchField } from "../lib/search-field";
import { toast } from "../lib/toast";
import { entries, type EntryFilter, testSet, useCreateTest, useDeleteTest } from "./queries";
import { Expectations, TestEditor } from "./test-row";
import { sideOf, tagOfSide } from "./texts";
import type { Undone } from "./undo";

const all: EntryFilter = { q: "", category: "", state: "", sort: "" };

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
  const known = useQuery(entries(all));
  const create = useCreateTest();
  const remove = useDeleteTest();
  const [sentence, setSentence] = useState("");
  const [expected, setExpected] = useState("no_answer");
  const [wanted, setWanted] = useState("");
  const [edited, setEdited] = useState<string | null>(null);
  const left = useRef<string | null>(null);
  const done = (one: string) => {
    left.current = one;
    setEdited(null);
  };
  // Puts the focus back on the row that was being edited.
  useLayoutEffect(() => {
    if (edited === null && left.current !== null) {
      document.getElementById(`${id}${left.current}`)?.focus();
      left.current = null;
    }
  }, [edited, id]);
  const nameOf = (which: string) =>
    which === "no_answer" || which === "human"
      ? t(`expected.${which}`)
      : say(known.data?.items.find((one) => one.id === which)?.question, language) || t("expected.gone");
  const items = (list.data?.items ?? []).filter((one) =>
    `${one.sentence} ${nameOf(one.expected)}`.toLowerCase().includes(wanted.trim().toLowerCase()),
  );
  const verdictOf = (test: KnowledgeTest) =>
    now?.run?.result ? (now.run.result.cases.find((one) => one.id === test.id)?.draft.verdict ?? "right") : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (sentence.trim() === "") return;
    create.mutate(
      { sentence: sentence.trim(), lang: tagOfSide(sideOf(sentence)), expected },
      { onSuccess: () => setSentence("") },
    );
  };
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
  return (
    <section className="kn-tests" aria-label={t("tests")} data-pane tabIndex={-1}>
      <header className="row wrap">
        <h2>{t("tests")}</h2>
        <span className="t3">{count(list.data?.items.length, language)}</span>
        <span className="grow" />
        <SearchField className="kn-tests-search" label={t("tests.search")} value={wanted} onChange={setWanted} />
      </header>
      <p className="s2 t2">{t("tests.what")}</p>
      <form className="card kn-test-form" onSubmit={submit}>
        <Field label={t("tests.sentence")}>
          {(ids) => (
            <Input {...ids} maxLength={200} value={sentence} onChange={(event) => setSentence(event.target.value)} />
          )}
        </Field>
        <Field label={t("tests.expected")}>
          {({ id }) => <Expectations id={id} value={expected} known={known.data?.items ?? []} onChange={setExpected} />}
        </Field>
        <Button htmlType="submit" type="primary" loading={create.isPending}>
          {t("tests.add")}
        </Button>
      </form>
      {create.isError && (
        <p className="notice hot" role="alert">
          {isProblem(create.error, "knowledge_test_taken") ? t("tests.taken") : text(create.error)}
        </p>
      )}
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
        <div className="card scroll">
          <table className="kn-tests-table">
            <thead>
              <tr>
                <th scope="col">{t("tests.sentence")}</th>
                <th scope="col">{t("tests.expected")}</th>
                <th scope="col">{t("tests.last")}</th>
                <th scope="col">
                  <span className="sr">{t("tests.acts")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((one) => {
                if (edited === one.id)
                  return (
                    <TestEditor key={one.id} test={one} known={known.data?.items ?? []} onDone={() => done(one.id)} />
                  );
                const verdict = verdictOf(one);
                return (
                  <tr key={one.id}>
                    <th scope="row">
                      <button type="button" className="link" lang={one.lang} onClick={() => onTry(one.sentence)}>
                        {one.sentence}
                      </button>
                    </th>
                    <td>{nameOf(one.expected)}</td>
                    <td>
                      {verdict ? (
                        <span className={verdict === "right" ? "tag ok" : verdict === "wrong" ? "tag hot" : "tag warn"}>
                          {t(`verdict.${verdict}`)}
                        </span>
                      ) : (
                        t("tests.never")
                      )}
                    </td>
                    <td className="r nowrap">
                      <button
                        type="button"
                        id={`${id}${one.id}`}
                        className="ib s"
                        aria-label={t("tests.edit", { name: one.sentence })}
                        title={t("tests.edit_short")}
                        onClick={() => setEdited(one.id)}
                      >
                        <Icon name="edit" />
                      </button>
                      <button
                        type="button"
                        className="ib s"
                        aria-label={t("tests.remove", { name: one.sentence })}
                        title={t("remove")}
                        onClick={() => drop(one)}
                      >
                        <Icon name="trash" />
                      </button>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
