import { Button, Input, Popup } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { pressed } from "@yingda/api/keys";
import type { EntryTexts, KnowledgeEntry } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answerCategories } from "../lib/directory";
import { Field } from "../lib/field";
import { dayAndTime } from "../lib/format";
import { say } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { Marked } from "./marked";
import { Clash } from "./phrasings";
import { Related } from "./related";
import { onOneLine, sides, tagOfSide, type Side } from "./texts";
import type { Saving } from "./use-entry-draft";

interface HeadProps {
  base: KnowledgeEntry;
  texts: EntryTexts;
  saving: Saving;
}

/** What the entry is called, how its draft differs from what is live, and whether it is saved. */
export function EntryHead({ base, texts, saving }: HeadProps) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const me = useMe();
  const status =
    saving === "saving"
      ? t("saving")
      : saving === "failed"
        ? t("not_saved")
        : saving === "dirty"
          ? t("unsaved")
          : base.updated_at > 0
            ? t("saved", { when: dayAndTime(base.updated_at, me.time_zone), who: base.updated_by ?? t("somebody") })
            : t("saved.never");

  return (
    <header className="kn-entry-head">
      <h2 lang={texts.question.zh && language !== "en" ? "zh-CN" : undefined} dir="auto">
        {say(texts.question, language) || t("untitled")}
      </h2>
      <div className="row wrap s2 t3">
        <code>{base.id}</code>
        {base.state && (
          <span className={base.state === "same" ? "tag" : base.state === "removed" ? "tag hot" : "tag warn"}>
            {t(`state.${base.state}`)}
          </span>
        )}
        <span>
          {base.state === "changed"
            ? t("changed_fields", { fields: base.changed.map((field) => t(`field.${field}`)).join(t("and")) })
            : base.state === "new"
              ? t("not_live")
              : ""}
        </span>
        <span role="status" className={saving === "failed" ? "hot" : undefined}>
          {status}
        </span>
      </div>
    </header>
  );
}

interface ConflictProps {
  other: KnowledgeEntry;
  texts: EntryTexts;
  adopt(theirs: KnowledgeEntry): void;
  keepMine(theirs: KnowledgeEntry): void;
}

/** What somebody else saved in the meantime, to take or to write over. */
export function EntryConflict({ other, texts, adopt, keepMine }: ConflictProps) {
  const { t } = useTranslation("knowledge");
  return (
    <div className="notice warn kn-conflict" role="alert">
      <p>{t("conflict", { who: other.updated_by ?? t("somebody") })}</p>
      {sides.map(
        (side) =>
          other.draft.answer[side] !== texts.answer[side] && (
            <Marked key={side} lang={tagOfSide(side)} before={texts.answer[side]} after={other.draft.answer[side]} />
          ),
      )}
      <div className="row wrap">
        <Button size="small" onClick={() => adopt(other)}>
          {t("conflict.theirs")}
        </Button>
        <Button size="small" type="primary" onClick={() => keepMine(other)}>
          {t("conflict.mine")}
        </Button>
      </div>
    </div>
  );
}

interface TextsProps {
  texts: EntryTexts;
  set(change: EntryTexts): void;
}

/** The number of lines a question takes, for browsers in which fields do not grow by themselves. */
const rowsOf = (question: string, side: Side) => Math.max(1, Math.ceil(question.length / (side === "zh" ? 18 : 36)));

/** The question in both languages, and which entry already answers it. */
export function EntryQuestions({ id, texts, isWrong, set }: TextsProps & { id: string; isWrong: boolean }) {
  const { t } = useTranslation("knowledge");
  return (
    <section className="card kn-card kn-questions" aria-label={t("field.question")}>
      {sides.map((side) => (
        <Field key={side} label={t(`question.${side}`)}>
          {(ids) => (
            <Input.TextArea
              {...ids}
              className="kn-question"
              lang={tagOfSide(side)}
              rows={rowsOf(texts.question[side], side)}
              value={texts.question[side]}
              maxLength={200}
              status={isWrong ? "error" : ""}
              aria-invalid={isWrong ? true : undefined}
              onKeyDown={(event) => {
                if (pressed(event) === "Enter") event.preventDefault();
              }}
              onChange={(event) =>
                set({ ...texts, question: { ...texts.question, [side]: onOneLine(event.target.value) } })
              }
            />
          )}
        </Field>
      ))}
      <Clash text={texts.question.zh || texts.question.en} except={id} />
    </section>
  );
}

const same = (live: EntryTexts, texts: EntryTexts) =>
  (["zh", "en"] as Side[]).every((side) => live.answer[side] === texts.answer[side]);

/** The answer in both languages, beside what is live if that is wanted. */
export function EntryAnswers({
  live,
  texts,
  isWrong,
  set,
}: TextsProps & { live: EntryTexts | null; isWrong: boolean }) {
  const { t } = useTranslation("knowledge");
  const [compare, setCompare] = useState(false);
  return (
    <section className="card kn-card" aria-label={t("field.answer")}>
      <header>
        <h2>{t("field.answer")}</h2>
        <span className="grow" />
        {live && !same(live, texts) && (
          <Button size="small" type="text" aria-pressed={compare} onClick={() => setCompare(!compare)}>
            <Icon name="history" />
            {compare ? t("compare.off") : t("compare")}
          </Button>
        )}
      </header>
      <div className="kn-answers">
        {sides.map((side) => (
          <Field key={side} label={t(`answer.${side}`)}>
            {({ status: _, ...ids }) =>
              compare && live ? (
                <Marked lang={tagOfSide(side)} before={live.answer[side]} after={texts.answer[side]} />
              ) : (
                <Input.TextArea
                  {...ids}
                  lang={tagOfSide(side)}
                  rows={6}
                  maxLength={4000}
                  value={texts.answer[side]}
                  status={isWrong ? "error" : ""}
                  onChange={(event) => set({ ...texts, answer: { ...texts.answer, [side]: event.target.value } })}
                />
              )
            }
          </Field>
        ))}
      </div>
      {texts.answer.zh.trim() === "" && texts.answer.en.trim() === "" && (
        <p className="notice warn">{t("answer.missing")}</p>
      )}
    </section>
  );
}

/** Where the entry belongs, what happens with its answer, and what is offered after it. */
export function EntryMore({ id, texts, set, onOpen }: TextsProps & { id: string; onOpen(id: string): void }) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const named = useQuery(answerCategories);
  return (
    <section className="card kn-card kn-more" aria-label={t("more")}>
      <Field label={t("field.category")}>
        {({ status: _, ...ids }) => (
          <select {...ids} value={texts.category} onChange={(event) => set({ ...texts, category: event.target.value })}>
            {!named.data?.items.some((one) => one.key === texts.category) && (
              <option value={texts.category}>{texts.category}</option>
            )}
            {named.data?.items.map((one) => (
              <option key={one.key} value={one.key}>
                {say(one.name, language)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t("field.action")}>
        {({ status: _, ...ids }) => (
          <select
            {...ids}
            value={texts.action ?? ""}
            onChange={(event) => set({ ...texts, action: event.target.value === "" ? null : event.target.value })}
          >
            <option value="">{t("action.none")}</option>
            <option value="human">{t("action.human")}</option>
            {texts.action && texts.action !== "human" && <option value={texts.action}>{texts.action}</option>}
          </select>
        )}
      </Field>
      <Related own={id} ids={texts.related} onChange={(related) => set({ ...texts, related })} onOpen={onOpen} />
    </section>
  );
}

interface FootProps {
  base: KnowledgeEntry;
  discard(live: EntryTexts): void;
  onRemove(entry: KnowledgeEntry): void;
}

/** Going back to what is live, and removing the entry. */
export function EntryFoot({ base, discard, onRemove }: FootProps) {
  const { t } = useTranslation("knowledge");
  const { live } = base;
  return (
    <div className="row wrap kn-entry-foot">
      {live && base.state === "changed" && (
        <Popup
          label={t("discard.ask")}
          className="kn-ask"
          trigger={(props) => (
            <button {...props} className="kn-text-button">
              {t("discard")}
            </button>
          )}
        >
          {(close) => (
            <>
              <p>{t("discard.ask")}</p>
              <p className="s2 t3">{t("discard.what")}</p>
              <div className="row kn-acts">
                <Button size="small" data-autofocus onClick={close}>
                  {t("cancel")}
                </Button>
                <Button
                  size="small"
                  danger
                  type="primary"
                  onClick={() => {
                    close();
                    discard(live);
                  }}
                >
                  {t("discard")}
                </Button>
              </div>
            </>
          )}
        </Popup>
      )}
      <span className="grow" />
      {base.state !== "removed" && base.state !== null && (
        <Button size="small" danger onClick={() => onRemove(base)}>
          <Icon name="trash" />
          {t(base.state === "new" ? "remove.unpublished" : "remove.entry")}
        </Button>
      )}
    </div>
  );
}
