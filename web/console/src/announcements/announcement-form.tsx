import { Input } from "@yingda/antd";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { useEditor } from "../lib/use-editor";
import { useAnnounce, type Announcement } from "./queries";

/** Whom somebody may tell something. */
export interface Told {
  everybody: boolean;
  groups: readonly { id: string; name: string }[];
}

/** Tells everybody or a group something. */
export function AnnouncementForm({ told, onClose }: { told: Told; onClose(): void }) {
  const { t } = useTranslation("announcements");
  const announce = useAnnounce();
  const first = told.everybody ? "" : (told.groups[0]?.id ?? "");
  const editor = useEditor({
    record: null as Announcement | null,
    fieldsOf: () => ({ title: "", text: "", group: first }),
    shows: ["title", "text", "group"],
    check: ({ title }) => ({ title: title.trim() === "" && t("fault.title") }),
    save: ({ title, text, group }) =>
      announce.mutateAsync({ title: title.trim(), text: text.trim(), group: group === "" ? null : group }),
    saved: () => t("made"),
    onClose,
  });
  const { fields, set, faults } = editor;
  return (
    <FormDialog editor={editor} title={t("new")} saveWord={t("publish")} width="32rem">
      <Field label={t("field.title")} error={faults.title} required>
        {(ids) => (
          <Input
            {...ids}
            autoFocus
            autoComplete="off"
            maxLength={80}
            value={fields.title}
            onChange={(event) => set({ title: event.target.value })}
          />
        )}
      </Field>
      <Field label={t("field.text")} error={faults.text} hint={t("field.text.hint")}>
        {(ids) => (
          <Input.TextArea
            {...ids}
            rows={6}
            maxLength={2000}
            value={fields.text}
            onChange={(event) => set({ text: event.target.value })}
          />
        )}
      </Field>
      <Field label={t("field.group")} error={faults.group}>
        {({ status: _, ...ids }) => (
          <select {...ids} value={fields.group} onChange={(event) => set({ group: event.target.value })}>
            {told.everybody && <option value="">{t("everybody")}</option>}
            {told.groups.map((group) => (
              <option key={group.id} value={group.id}>
                {group.name}
              </option>
            ))}
          </select>
        )}
      </Field>
    </FormDialog>
  );
}
