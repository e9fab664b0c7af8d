import { Button } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { KnowledgeEntry } from "@yingda/api/types";
import { useImperativeHandle, useRef, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { isProblem } from "../lib/problem";
import { EntryAnswers, EntryConflict, EntryFoot, EntryHead, EntryMore, EntryQuestions } from "./entry-parts";
import { Phrasings } from "./phrasings";
import { entry as entryQuery } from "./queries";
import { useEntryDraft } from "./use-entry-draft";

export interface EditorHandle {
  save(): Promise<boolean>;
  addPhrasing(): void;
}

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
  const draft = useEntryDraft(entry);
  const { base, texts, fault, other, set, save } = draft;
  const box = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(handle, () => ({ save, addPhrasing: () => box.current?.focus() }), [save]);
  const isWrong = (field: string) => fault !== null && (fault.field === field || fault.field.startsWith(`${field}.`));
  return (
    <article className="kn-editor" aria-label={say(texts.question, language)}>
      <EntryHead base={base} texts={texts} saving={draft.saving} />
      {other && <EntryConflict other={other} texts={texts} adopt={draft.adopt} keepMine={draft.keepMine} />}
      {fault && (
        <p className="notice hot" role="alert">
          {fault.text}
        </p>
      )}
      {(base.state === "removed" || base.state === null) && (
        <div className="notice warn kn-removed">
          <p>{t(base.state === null ? "removed.unpublished.what" : "removed.what")}</p>
          <Button size="small" onClick={draft.restore}>
            {t("removed.back")}
          </Button>
        </div>
      )}
      <EntryQuestions id={entry.id} texts={texts} isWrong={isWrong("question")} set={set} />
      <Phrasings id={entry.id} texts={texts} live={base.live} box={box} onChange={set} />
      <EntryAnswers live={base.live} texts={texts} isWrong={isWrong("answer")} set={set} />
      <EntryMore id={entry.id} texts={texts} set={set} onOpen={onOpen} />
      <EntryFoot base={base} discard={draft.discard} onRemove={onRemove} />
    </article>
  );
}
