import { Button, Input } from "@yingda/antd";
import { pressed } from "@yingda/api/keys";
import type { KnowledgeItem, KnowledgeTest } from "@yingda/api/types";
import { useId, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { isProblem, useProblemText } from "../lib/problem";
import { useUpdateTest } from "./queries";
import { sideOf, tagOfSide } from "./texts";

/** What the bot should do with a sentence: say that it has no answer, hand over, or answer with an entry. */
export function Expectations({
  id,
  value,
  known,
  onChange,
}: {
  id: string;
  value: string;
  known: readonly KnowledgeItem[];
  onChange(value: string): void;
}) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const entries = known.filter((one) => one.state !== "removed");
  const gone = value !== "no_answer" && value !== "human" && !entries.some((one) => one.id === value);
  return (
    <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="no_answer">{t("expected.no_answer")}</option>
      <option value="human">{t("expected.human")}</option>
      {gone && <option value={value}>{t("expected.gone")}</option>}
      {entries.map((one) => (
        <option key={one.id} value={one.id}>
          {say(one.question, language)}
        </option>
      ))}
    </select>
  );
}

interface Props {
  test: KnowledgeTest;
  known: readonly KnowledgeItem[];
  onDone(): void;
}

/** A row of the test set being edited. A user who was slower than a colleague is shown the current version. */
export function TestEditor({ test, known, onDone }: Props) {
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
      <Field label={t("tests.expected")}>
        {(ids) => <Expectations id={ids.id} value={expected} known={known} onChange={setExpected} />}
      </Field>
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
