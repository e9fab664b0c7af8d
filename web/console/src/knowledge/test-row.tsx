import { Button, Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { pressed } from "@yingda/api/keys";
import type { KnowledgeTest } from "@yingda/api/types";
import { useId, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { Finder } from "../lib/finder";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { isProblem, useProblemText } from "../lib/problem";
import { foundByWords, named, useUpdateTest } from "./queries";
import { sideOf, tagOfSide } from "./texts";

/** Whether what is expected is no entry's answer. */
export const isNoEntry = (expected: string): expected is "no_answer" | "human" =>
  expected === "no_answer" || expected === "human";

/** What the bot should do with a sentence: say that it has no answer, hand over, or answer with an entry, which is found by words. */
export function Expectations({ value, onChange }: { value: string; onChange(value: string): void }) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const [finding, setFinding] = useState(false);
  const names = useQuery(named(isNoEntry(value) ? [] : [value]));
  const entry = names.data?.find(({ id, state }) => id === value && state !== "removed");
  const choose = (next: string) => {
    setFinding(next === "find");
    if (next !== "find") onChange(next);
  };
  return (
    <div className="kn-expected">
      <Field label={t("tests.expected")}>
        {({ id }) => (
          <select id={id} value={finding ? "find" : value} onChange={(event) => choose(event.target.value)}>
            <option value="no_answer">{t("expected.no_answer")}</option>
            <option value="human">{t("expected.human")}</option>
            {!isNoEntry(value) && (
              <option value={value}>
                {entry ? say(entry.question, language) : names.isFetched ? t("expected.gone") : value}
              </option>
            )}
            <option value="find">{t("expected.find")}</option>
          </select>
        )}
      </Field>
      {finding && (
        <Finder
          label={t("expected.entry")}
          find={foundByWords}
          show={({ id, question }) => ({ id, title: say(question, language) })}
          without={isNoEntry(value) ? [] : [value]}
          onPick={({ id }) => choose(id)}
        />
      )}
    </div>
  );
}

interface Props {
  test: KnowledgeTest;
  onDone(): void;
}

/** A row of the test set being edited. A user who was slower than a colleague is shown the current version. */
export function TestEditor({ test, onDone }: Props) {
  const { t } = useTranslation("knowledge");
  const text = useProblemText();
  const id = useId();
  const update = useUpdateTest();
  const [base, setBase] = useState(test);
  const [sentence, setSentence] = useState(test.sentence);
  const [expected, setExpected] = useState(test.expected);
  const moved = test.updated_at !== base.updated_at;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const words = sentence.trim();
    if (words === "" || update.isPending) return;
    if (words === base.sentence && expected === base.expected) {
      onDone();
      return;
    }
    update.mutate(
      {
        test: base,
        fields: { sentence: words, lang: words === base.sentence ? base.lang : tagOfSide(sideOf(words)), expected },
      },
      { onSuccess: onDone },
    );
  };
  const adopt = () => {
    setBase(test);
    setSentence(test.sentence);
    setExpected(test.expected);
    update.reset();
  };
  const fault = !update.isError
    ? null
    : isProblem(update.error, "knowledge_test_taken")
      ? t("tests.taken")
      : isProblem(update.error, "not_found")
        ? t("tests.gone")
        : isProblem(update.error, "conflict")
          ? null
          : text(update.error);
  return (
    <form
      className="kn-test-edit"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (pressed(event) === "Escape") {
          event.stopPropagation();
          onDone();
        }
      }}
    >
      <Field label={t("tests.sentence")}>
        {(ids) => (
          <Input
            {...ids}
            autoFocus
            maxLength={200}
            value={sentence}
            status={fault ? "error" : ""}
            aria-describedby={fault ? `${id}f` : undefined}
            onChange={(event) => setSentence(event.target.value)}
          />
        )}
      </Field>
      <Expectations value={expected} onChange={setExpected} />
      <div className="row">
        <Button onClick={onDone}>{t("tests.cancel")}</Button>
        <Button htmlType="submit" type="primary" loading={update.isPending} disabled={sentence.trim() === "" || moved}>
          {t("tests.save")}
        </Button>
      </div>
      {fault && (
        <p id={`${id}f`} className="notice hot" role="alert">
          {fault}
        </p>
      )}
      {moved && (
        <div className="notice warn kn-fault" role="alert">
          <span>{t("tests.moved", { sentence: test.sentence })}</span>
          <span className="row wrap">
            <Button size="small" onClick={adopt}>
              {t("conflict.theirs")}
            </Button>
            <Button
              size="small"
              type="primary"
              onClick={() => {
                setBase(test);
                update.reset();
              }}
            >
              {t("conflict.mine")}
            </Button>
          </span>
        </div>
      )}
    </form>
  );
}
