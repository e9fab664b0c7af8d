import { Button, Input, Popup } from "@yingda/antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { EntryTexts, KnowledgeEntry } from "@yingda/api/types";
import { useCallback, useEffect, useImperativeHandle, useRef, useState, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { answerCategories } from "../lib/directory";
import { Failed } from "../lib/failed";
import { Field } from "../lib/field";
import { dayAndTime } from "../lib/format";
import { say } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { usePrefs } from "../lib/prefs";
import { isProblem, useProblemText } from "../lib/problem";
import { readAgain } from "../lib/read-again";
import { useMe } from "../lib/session";
import { Marked } from "./marked";
import { Clash, Phrasings } from "./phrasings";
import { entry as entryQuery, knowledgeKey, patchEntry, renewDraft } from "./queries";
import { Related } from "./related";
import { onOneLine, sameTexts, sides, tagOfSide, type Side } from "./texts";

/** The number of lines a question takes, for browsers in which fields do not grow by themselves. */
const rowsOf = (question: string, side: Side) => Math.max(1, Math.ceil(question.length / (side === "zh" ? 18 : 36)));

export interface EditorHandle {
  save(): Promise<boolean>;
  addPhrasing(): void;
}

/** How long after the last keystroke the draft is saved, in milliseconds. */
const pause = 900;
/** How long after a failed save it is retried, in milliseconds. */
const anew = 3000;

type Saving = "saved" | "dirty" | "saving" | "failed";

interface EditorProps {
  id: string;
  handle: RefObject<EditorHandle | null>;
  onRemove(entry: KnowledgeEntry): void;
  onOpen(id: string): void;
}

/** Loads an entry, then lets the user edit it. */
export function Editor(props: EditorProps) {
  const { t } = useTranslation("knowledge");
  const found = useQuery(entryQuery(props.id));
  if (found.isError)
    return (
      <div className="kn-editor">
        <Failed of={found} words={isProblem(found.error, "not_found") ? t("entry.gone") : undefined} />
      </div>
    );
  if (!found.data)
    return (
      <div className="kn-editor" role="status" aria-label={t("loading")}>
        <span className="skeleton kn-skeleton-tall" />
        <span className="skeleton kn-skeleton-tall" />
      </div>
    );
  return <EntryEditor key={props.id} {...props} entry={found.data} />;
}

function EntryEditor({ entry, handle, onRemove, onOpen }: EditorProps & { entry: KnowledgeEntry }) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const me = useMe();
  const text = useProblemText();
  const queryClient = useQueryClient();
  const named = useQuery(answerCategories);
  const [base, setBase] = useState(entry);
  const [texts, setTexts] = useState<EntryTexts>(entry.draft);
  const [saving, setSaving] = useState<Saving>("saved");
  const [fault, setFault] = useState<{ field: string; text: string } | null>(null);
  const [other, setOther] = useState<KnowledgeEntry | null>(null);
  const [compare, setCompare] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const now = useRef({ base, texts, other });
  useEffect(() => {
    now.current = { base, texts, other };
  });
  // Writes run one after the other: each is based on the result of the previous one.
  const writing = useRef<Promise<unknown>>(Promise.resolve());

  // What someone else saved is adopted immediately if we have no unsaved changes. What arrives during
  // a write of ours may be that write's own result, and is looked at once the write is answered.
  useEffect(() => {
    if (saving === "saving") return;
    if (entry.updated_at <= base.updated_at) {
      if (entry.updated_at === base.updated_at && entry !== base) setBase(entry);
      return;
    }
    if (sameTexts(texts, base.draft)) {
      setBase(entry);
      setTexts(entry.draft);
    } else if (!sameTexts(entry.draft, base.draft)) setOther(entry);
    else setBase(entry);
  }, [entry, base, texts, saving]);

  const write = useCallback(
    async (change: Partial<EntryTexts>, seen: KnowledgeEntry) => {
      setSaving("saving");
      try {
        const saved = await patchEntry(entry.id, change, seen.updated_at);
        now.current = { ...now.current, base: saved };
        setBase(saved);
        setFault(null);
        // What was typed during the write is not saved yet.
        setSaving(sameTexts(now.current.texts, { ...seen.draft, ...change }) ? "saved" : "dirty");
        queryClient.setQueryData(entryQuery(entry.id).queryKey, saved);
        void readAgain(queryClient, {
          queryKey: knowledgeKey,
          predicate: (query) => !["entry", "unanswered", "versions"].includes(query.queryKey[1] as string),
        });
        return true;
      } catch (error) {
        setSaving("failed");
        if (isProblem(error, "conflict"))
          setOther(await queryClient.fetchQuery({ ...entryQuery(entry.id), staleTime: 0 }).catch(() => null));
        else setFault({ field: isProblem(error) ? (error.field ?? "") : "", text: text(error) });
        // A write that was not refused, but did not reach the server, is retried automatically.
        if (isProblem(error, "busy") || isProblem(error, "network"))
          setTimeout(() => setSaving((state) => (state === "failed" ? "dirty" : state)), anew);
        return false;
      }
    },
    [entry.id, queryClient, text],
  );

  const save = useCallback(() => {
    const done = writing.current.then(() => {
      const { base: before, texts: written, other: newer } = now.current;
      if (newer) return false;
      return sameTexts(written, before.draft) || write(written, before);
    });
    writing.current = done;
    return done;
  }, [write]);
  /** Writes this after the write in progress, based on its result. */
  const replace = (change: EntryTexts) => {
    writing.current = writing.current.then(() => write(change, now.current.base));
  };
  useImperativeHandle(handle, () => ({ save, addPhrasing: () => box.current?.focus() }), [save]);

  useEffect(() => {
    if (saving !== "dirty") return;
    const timer = setTimeout(() => void save(), pause);
    return () => clearTimeout(timer);
  }, [saving, texts, save]);
  // The last changes are not lost when a different entry is opened.
  useEffect(
    () => () => {
      void writing.current.then(async () => {
        const { base: before, texts: written } = now.current;
        if (sameTexts(written, before.draft)) return;
        await patchEntry(before.id, written, before.updated_at).catch(() => undefined);
        await renewDraft(queryClient);
      });
    },
    [queryClient],
  );

  const set = (change: EntryTexts) => {
    setTexts(change);
    setFault(null);
    setSaving("dirty");
  };
  const live = base.live;
  const errorAt = (field: string) =>
    fault && (fault.field === field || fault.field.startsWith(`${field}.`)) ? fault.text : undefined;
  const adopt = (theirs: KnowledgeEntry) => {
    setBase(theirs);
    setTexts(theirs.draft);
    setOther(null);
    setSaving("saved");
  };
  const keepMine = (theirs: KnowledgeEntry) => {
    now.current = { ...now.current, base: theirs, other: null };
    setBase(theirs);
    setOther(null);
    replace(texts);
  };
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
    <article className="kn-editor" aria-label={say(texts.question, language)}>
      <header className="kn-entry-head">
        <h2 lang={texts.question.zh && language !== "en" ? "zh-CN" : undefined}>
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
      {other && (
        <div className="notice warn kn-conflict" role="alert">
          <p>{t("conflict", { who: other.updated_by ?? t("somebody") })}</p>
          {sides.map(
            (side) =>
              other.draft.answer[side] !== texts.answer[side] && (
                <Marked
                  key={side}
                  lang={tagOfSide(side)}
                  before={texts.answer[side]}
                  after={other.draft.answer[side]}
                />
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
      )}
      {fault && (
        <p className="notice hot" role="alert">
          {fault.text}
        </p>
      )}
      {base.state === "removed" || base.state === null ? (
        <div className="notice warn kn-removed">
          <p>{t(base.state === null ? "removed.unpublished.what" : "removed.what")}</p>
          <Button
            size="small"
            onClick={() =>
              void patchEntry(entry.id, { removed: false }, base.updated_at).then(
                (back) => {
                  adopt(back);
                  return renewDraft(queryClient);
                },
                (error: unknown) => setFault({ field: "", text: text(error) }),
              )
            }
          >
            {t("removed.back")}
          </Button>
        </div>
      ) : null}
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
                status={errorAt("question") ? "error" : ""}
                aria-invalid={errorAt("question") ? true : undefined}
                onKeyDown={(event) => {
                  if (event.key === "Enter") event.preventDefault();
                }}
                onChange={(event) =>
                  set({ ...texts, question: { ...texts.question, [side]: onOneLine(event.target.value) } })
                }
              />
            )}
          </Field>
        ))}
        <Clash text={texts.question.zh || texts.question.en} except={entry.id} />
      </section>
      <Phrasings id={entry.id} texts={texts} live={live} box={box} onChange={set} />
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
                    status={errorAt("answer") ? "error" : ""}
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
      <section className="card kn-card kn-more" aria-label={t("more")}>
        <Field label={t("field.category")}>
          {({ status: _, ...ids }) => (
            <select
              {...ids}
              value={texts.category}
              onChange={(event) => set({ ...texts, category: event.target.value })}
            >
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
        <Related
          own={entry.id}
          ids={texts.related}
          onChange={(related) => set({ ...texts, related })}
          onOpen={onOpen}
        />
      </section>
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
                      setTexts(live);
                      replace(live);
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
    </article>
  );
}

const same = (live: EntryTexts, texts: EntryTexts) =>
  (["zh", "en"] as Side[]).every((side) => live.answer[side] === texts.answer[side]);
