import { Input } from "@yingda/antd";
import type { Label } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { LabelTag } from "../labels/label-tag";
import { currentLabel, useChangeLabel, useCreateLabel } from "../labels/queries";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { useEditor } from "../lib/use-editor";

export const colours = ["plain", "brand", "ok", "warn", "hot", "bot"] as const;

/** Adds a label, or changes its name and colour. */
export function LabelForm({ label, onClose }: { label: Label | null; onClose(): void }) {
  const { t } = useTranslation("settings");
  const create = useCreateLabel();
  const change = useChangeLabel();
  const editor = useEditor({
    record: label,
    fieldsOf: (of) => ({ zh: of?.name.zh ?? "", en: of?.name.en ?? "", colour: of?.colour ?? ("plain" as const) }),
    shows: ["zh", "en", "colour"],
    check: ({ zh, en }) => ({ zh: zh.trim() === "" && en.trim() === "" && t("label.fault") }),
    save({ zh, en, colour }, base) {
      const body = { name: { zh: zh.trim(), en: en.trim() }, colour };
      return base ? change.mutateAsync({ id: base.id, ...body, seen: base.updated_at }) : create.mutateAsync(body);
    },
    current: ({ id }) => currentLabel(id),
    refused: () => ({ field: "zh" }),
    saved: () => t("saved"),
    onClose,
  });
  const { fields, set, faults, conflict } = editor;
  return (
    <FormDialog
      editor={editor}
      title={label ? t("label.edit") : t("label.new")}
      lines={(of) => [
        { label: t("label.zh"), value: of.zh, named: true },
        { label: t("label.en"), value: of.en, named: true },
        { label: t("label.colour"), value: t(`label.colour.${of.colour}`) },
      ]}
      width={conflict === null ? "26rem" : "38rem"}
    >
      {(["zh", "en"] as const).map((side) => (
        <Field key={side} label={t(`label.${side}`)} error={side === "zh" ? faults.zh : undefined}>
          {(ids) => (
            <Input
              {...ids}
              autoFocus={side === "zh"}
              autoComplete="off"
              lang={side === "zh" ? "zh-CN" : "en"}
              maxLength={30}
              value={fields[side]}
              onChange={(event) => set({ [side]: event.target.value }, "zh", "en")}
            />
          )}
        </Field>
      ))}
      <div role="radiogroup" aria-label={t("label.colour")} className="row wrap label-colours">
        {colours.map((colour) => (
          <label key={colour} className="row">
            <input type="radio" name="colour" checked={fields.colour === colour} onChange={() => set({ colour })} />
            <LabelTag label={{ name: { zh: t(`label.colour.${colour}`), en: t(`label.colour.${colour}`) }, colour }} />
          </label>
        ))}
      </div>
    </FormDialog>
  );
}
