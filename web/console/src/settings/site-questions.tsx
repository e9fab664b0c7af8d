import { Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { Finder } from "../lib/finder";
import { say } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { usePrefs } from "../lib/prefs";
import { may, useMe } from "../lib/session";
import { named, publishedByWords } from "../knowledge/queries";
import { listed } from "./use-site-editor";

/** The most questions with which a widget begins. */
const most = 3;

interface SiteQuestionsProps {
  /** The ids of the answers, as text. */
  value: string;
  error: string | undefined;
  onChange(value: string): void;
}

/** The questions with which a widget begins: found among the answers by those who may read them, and entered by id by others. */
export function SiteQuestions(props: SiteQuestionsProps) {
  const { t } = useTranslation("settings");
  const me = useMe();
  if (may(me, "knowledge.curate")) return <Picked {...props} />;
  const { value, error, onChange } = props;
  return (
    <Field label={t("field.questions")} hint={t("hint.questions")} error={error}>
      {(ids) => (
        <Input
          {...ids}
          autoComplete="off"
          spellCheck={false}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

function Picked({ value, error, onChange }: SiteQuestionsProps) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const ids = listed(value);
  const names = useQuery({ ...named(ids), enabled: ids.length > 0 });
  const nameOf = (id: string) => say(names.data?.find((one) => one.id === id)?.question, language) || id;
  const change = (next: readonly string[]) => onChange(next.join(" "));
  return (
    <div className="field" role="group" aria-label={t("field.questions")}>
      <span>{t("field.questions")}</span>
      {ids.length > 0 && (
        <ul className="site-questions">
          {ids.map((id) => (
            <li key={id} className="row">
              <bdi className="grow">{nameOf(id)}</bdi>
              <button
                type="button"
                className="ib s"
                aria-label={t("questions.remove", { name: nameOf(id) })}
                title={t("questions.remove", { name: nameOf(id) })}
                onClick={() => change(ids.filter((one) => one !== id))}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {ids.length < most ? (
        <Finder
          label={t("questions.add")}
          error={error}
          find={publishedByWords}
          show={({ id, question }) => ({ id, title: say(question, language) })}
          without={ids}
          onPick={({ id }) => change([...ids, id])}
        />
      ) : (
        error && <span className="field-error">{error}</span>
      )}
      <span className="field-words s1 t3">{t("questions.most", { count: most })}</span>
    </div>
  );
}
