import { Input } from "@yingda/antd";
import type { KnowledgeOverview } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { isProblem } from "../lib/problem";
import { toast } from "../lib/toast";
import { useEditor } from "../lib/use-editor";
import { Changes } from "./changes-dialog";
import { usePublish } from "./queries";
import { useCheckOfDraft } from "./use-check-of-draft";
import { Verdict } from "./verdict";

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
  const publish = usePublish();
  // Publishing makes the check outdated, and there is nothing left to compare with.
  const { fresh, running, broken, fault, begin } = useCheckOfDraft(now, publish.isPending || publish.isSuccess);
  const worse = fresh && now.run?.may_publish === false;
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
      <Verdict now={now} fresh={fresh} running={running} broken={broken} worse={worse} onCheck={begin} />
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
