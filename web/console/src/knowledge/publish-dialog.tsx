import { Button, Input } from "@yingda/antd";
import type { KnowledgeOverview } from "@yingda/api/types";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { count, percent } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { isProblem, useProblemText } from "../lib/problem";
import { toast } from "../lib/toast";
import { useEditor } from "../lib/use-editor";
import { Changes } from "./changes-dialog";
import { isFresh, slips } from "./check-card";
import { useCheck, usePublish } from "./queries";

/** What goes live, the result of the check, and the button to publish. The check starts by itself if there is none for this draft. */
export function PublishDialog({
  now,
  onClose,
  onOpen,
}: {
  now: KnowledgeOverview;
  onClose(): void;
  onOpen(id: string): void;
}) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const text = useProblemText();
  const publish = usePublish();
  const { mutate: check, isPending: checking } = useCheck();
  const problem = useRef(text);
  useEffect(() => {
    problem.current = text;
  });
  /** Why the check could not be started. */
  const [fault, setFault] = useState<string | null>(null);
  const asked = useRef("");
  const fresh = isFresh(now);
  const running = now.run?.state === "running";
  const score = now.run?.result;
  const worse = fresh && now.run?.may_publish === false;
  const slipping = score !== undefined && score !== null && slips(score);
  const share = (right: number) =>
    percent(score ? right / Math.max(1, score.live.right + score.live.dont_know + score.live.wrong) : null, language);

  const [begun, setBegun] = useState(false);
  // Publishing makes the check outdated, and there is nothing left to compare with.
  const published = publish.isPending || publish.isSuccess;
  const begin = useCallback(
    () =>
      check(undefined, {
        onError: (error) => setFault(problem.current(error)),
        onSuccess: () => setFault(null),
        onSettled: () => setBegun(true),
      }),
    [check],
  );
  // A check that was interrupted, or could not be started, is not waited for.
  const broken = !fresh && !running && !checking && (fault !== null || (now.run?.state === "failed" && begun));

  useEffect(() => {
    const of = `${now.revision}.${now.version}`;
    if (now.tests === 0 || fresh || running || published || asked.current === of) return;
    asked.current = of;
    begin();
  }, [now, fresh, running, published, begin]);

  const blocked = now.incomplete.length > 0 || (now.tests > 0 && !fresh);
  const editor = useEditor({
    record: null,
    fieldsOf: () => ({ note: "", reason: "" }),
    shows: ["note", "reason"],
    check: ({ reason }) => ({ reason: worse && reason.trim() === "" && t("publish.reason_missing") }),
    save: ({ note, reason }) =>
      publish.mutateAsync({
        revision: now.revision,
        note: note.trim(),
        ...(worse ? { reason: reason.trim() } : {}),
      }),
    refused: (problem) => (isProblem(problem, "conflict") ? { text: t("publish.conflict") } : {}),
    saved: () => null,
    onSaved: ({ version }) => toast(t("published", { number: version })),
    onClose,
  });
  const { fields, set, faults } = editor;
  return (
    <FormDialog
      editor={editor}
      title={t("publish.title", { number: now.next })}
      saveWord={worse ? t("publish.anyway") : t("publish", { number: now.next })}
      danger={worse}
      incomplete={blocked}
      className="kn-form"
      width="46rem"
    >
      <p className="t2">{t("publish.what", { count: now.changes })}</p>
      <div className="kn-publish-changes">
        <Changes from="live" to="draft" />
      </div>
      {now.incomplete.length > 0 && (
        <div className="notice hot kn-incomplete" role="alert">
          <p>{t("publish.incomplete", { count: now.incomplete.length })}</p>
          {now.incomplete.slice(0, 5).map((one) => (
            <button
              key={one}
              type="button"
              className="link"
              onClick={() => {
                onClose();
                onOpen(one);
              }}
            >
              {t("publish.open")}
            </button>
          ))}
        </div>
      )}
      {now.tests === 0 ? (
        <p className="notice warn">{t("check.none")}</p>
      ) : broken ? (
        <p className="notice warn kn-fault" role="status">
          <span>{t("check.failed")}</span>
          <Button size="small" onClick={begin}>
            {t("check.run")}
          </Button>
        </p>
      ) : !fresh ? (
        <div className="kn-progress" role="status">
          <progress
            value={running ? now.run?.done : undefined}
            max={Math.max(1, now.run?.total ?? 1)}
            aria-label={t("check.progress")}
          />
          <span className="s2">{t("publish.checking")}</span>
        </div>
      ) : (
        <p className={worse ? "notice hot" : slipping ? "notice warn" : "notice kn-ok"} role="status">
          {t(worse ? "publish.worse" : slipping ? "publish.slips" : "publish.fine", {
            live: share(score?.live.right ?? 0),
            draft: share(score?.draft.right ?? 0),
            before: count(score?.live.wrong ?? 0, language),
            after: count(score?.draft.wrong ?? 0, language),
          })}
        </p>
      )}
      <Field label={t("publish.note")} error={faults.note}>
        {(ids) => (
          <Input
            {...ids}
            maxLength={500}
            value={fields.note}
            placeholder={t("publish.note_hint")}
            onChange={(event) => set({ note: event.target.value })}
          />
        )}
      </Field>
      {worse && (
        <Field label={t("publish.reason")} hint={t("publish.reason_hint")} error={faults.reason} required>
          {(ids) => (
            <Input.TextArea
              {...ids}
              rows={2}
              maxLength={500}
              value={fields.reason}
              onChange={(event) => set({ reason: event.target.value })}
            />
          )}
        </Field>
      )}
      {fault && (
        <p className="notice hot" role="alert">
          {fault}
        </p>
      )}
    </FormDialog>
  );
}
