import { Input } from "@yingda/antd";
import type { Permission, Scope } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { CheckGroup } from "../lib/check-group";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { useMe } from "../lib/session";
import { useEditor } from "../lib/use-editor";
import { useCreateToken } from "./queries";
import { reachesOf } from "./reach";

const day = 86_400_000;
/** For how many days a token may be valid; the last is for ever. */
const lives = ["30", "90", "365", "never"] as const;

interface Fields {
  name: string;
  /** What it may do. */
  held: Permission[];
  /** How far a permission reaches that can reach differently far. */
  reach: Partial<Record<Permission, Scope>>;
  /** One range a line. */
  ranges: string;
  life: (typeof lives)[number];
}

const empty = (): Fields => ({ name: "", held: [], reach: {}, ranges: "", life: "90" });
const linesOf = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
const reachOf = ({ reach }: Fields, permission: Permission): Scope =>
  reach[permission] ?? reachesOf(permission)[0] ?? "company";

/** Makes a token. */
export function TokenForm({ onClose, onSecret }: { onClose(): void; onSecret(secret: string): void }) {
  const { t } = useTranslation("tokens");
  const me = useMe();
  const create = useCreateToken();
  const editor = useEditor({
    record: null,
    fieldsOf: empty,
    shows: ["name", "permissions", "ranges"],
    check: ({ name, held }) => ({
      name: name.trim() === "" && t("fault.name"),
      permissions: held.length === 0 && t("fault.permissions"),
    }),
    save: (fields) =>
      create.mutateAsync({
        name: fields.name.trim(),
        permissions: fields.held.map((permission) => ({ permission, reach: [reachOf(fields, permission)] })),
        ranges: linesOf(fields.ranges),
        expires_at: fields.life === "never" ? null : Date.now() + Number(fields.life) * day,
      }),
    refused: ({ field, code }) => (field === "ranges" && code === "invalid_value" ? { text: t("fault.ranges") } : {}),
    saved: () => null,
    onSaved: ({ secret }) => onSecret(secret),
    onClose,
  });
  const { fields, set, faults } = editor;

  return (
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
      <CheckGroup
        legend={t("field.permissions")}
        options={me.permissions.map((id) => ({ id, label: t(`permission.${id}`) }))}
        chosen={fields.held}
        error={faults.permissions}
        onChange={(held) => set({ held }, "permissions")}
      />
      {fields.held
        .filter((permission) => reachesOf(permission).length > 1)
        .map((permission) => (
          <Field key={permission} label={t("field.reach", { of: t(`permission.${permission}`) })}>
            {({ status: _, ...ids }) => (
              <select
                {...ids}
                value={reachOf(fields, permission)}
                onChange={(event) =>
                  set({ reach: { ...fields.reach, [permission]: event.target.value as Scope } }, "permissions")
                }
              >
                {reachesOf(permission).map((reach) => (
                  <option key={reach} value={reach}>
                    {t(`reach.${reach}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        ))}
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
  );
}
