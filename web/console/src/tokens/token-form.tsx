import { Input } from "@yingda/antd";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { GrantFields } from "../lib/grant-fields";
import { grantsOf, usePossible, type Held } from "../lib/grants";
import { useEditor } from "../lib/use-editor";
import { useProved } from "../sessions/prove-dialog";
import { useCreateToken } from "./queries";

const day = 86_400_000;
/** For how many days a token may be valid; the last is for ever. */
const lives = ["30", "90", "365", "never"] as const;

interface Fields {
  name: string;
  /** What it may do. */
  held: Held;
  /** One range a line. */
  ranges: string;
  life: (typeof lives)[number];
}

const empty = (): Fields => ({ name: "", held: [], ranges: "", life: "90" });
/** Permissions that no program can have. */
const ofPeopleOnly = new Set<string>(["single_sign_on"]);
/** A program is in no group and no department. */
const reachOfPeopleOnly = new Set<string>(["group", "department"]);
const linesOf = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** Makes a token. */
export function TokenForm({ onClose, onSecret }: { onClose(): void; onSecret(secret: string): void }) {
  const { t } = useTranslation("tokens");
  const { t: settings } = useTranslation("settings");
  const possible = usePossible()
    .filter(({ permission }) => !ofPeopleOnly.has(permission))
    .map((one) => ({ ...one, reach: one.reach.filter((reach) => !reachOfPeopleOnly.has(reach)) }))
    .filter(({ reach }) => reach.length > 0);
  const create = useCreateToken();
  const { proved, dialog } = useProved();
  const editor = useEditor({
    record: null,
    fieldsOf: empty,
    shows: ["name", "permissions", "ranges"],
    check: ({ name, held }) => ({
      name: name.trim() === "" && t("fault.name"),
      permissions: held.length === 0 && settings("fault.grants"),
    }),
    save: (fields) =>
      proved(() =>
        create.mutateAsync({
          name: fields.name.trim(),
          permissions: grantsOf(fields.held, possible),
          ranges: linesOf(fields.ranges),
          expires_at: fields.life === "never" ? null : Date.now() + Number(fields.life) * day,
        }),
      ),
    refused: ({ field, code }) => (field === "ranges" && code === "invalid_value" ? { text: t("fault.ranges") } : {}),
    saved: () => null,
    onSaved: ({ secret }) => onSecret(secret),
    onClose,
  });
  const { fields, set, faults } = editor;

  return (
    <>
      <FormDialog editor={editor} title={t("new")} saveWord={t("make")} width="36rem">
        <Field label={t("field.name")} hint={t("hint.name")} error={faults.name} required>
          {(ids) => (
            <Input
              {...ids}
              autoFocus
              autoComplete="off"
              maxLength={40}
              value={fields.name}
              onChange={(event) => set({ name: event.target.value })}
            />
          )}
        </Field>
        <GrantFields
          possible={possible}
          held={fields.held}
          error={faults.permissions}
          onChange={(held) => set({ held }, "permissions")}
        />
        <Field label={t("field.ranges")} hint={t("hint.ranges")} error={faults.ranges}>
          {(ids) => (
            <Input.TextArea
              {...ids}
              rows={2}
              autoComplete="off"
              spellCheck={false}
              value={fields.ranges}
              onChange={(event) => set({ ranges: event.target.value })}
            />
          )}
        </Field>
        <Field label={t("field.life")} hint={t("hint.life")}>
          {({ status: _, ...ids }) => (
            <select
              {...ids}
              value={fields.life}
              onChange={(event) => set({ life: event.target.value as Fields["life"] })}
            >
              {lives.map((life) => (
                <option key={life} value={life}>
                  {life === "never" ? t("life.never") : t("life.days", { count: Number(life) })}
                </option>
              ))}
            </select>
          )}
        </Field>
      </FormDialog>
      {dialog}
    </>
  );
}
