import type { Board, Indicator } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Field } from "../../lib/field";
import { FormDialog } from "../../lib/form-dialog";
import { say } from "../../lib/i18n";
import { usePrefs } from "../../lib/prefs";
import { Switched } from "../../lib/switched";
import { useEditor } from "../../lib/use-editor";
import { forms, isCounted, ranges, type Tile } from "./model";
import { currentBoard, sent, useChangeBoard, useCreateBoard } from "./queries";
import { SplitFields } from "./split-fields";

interface Props {
  board: Board;
  /** Which tile; that after the last adds one. */
  index: number;
  names: ReadonlyMap<string, Indicator>;
  onClose(): void;
}

const first: Tile = { indicator: "", form: "number", range: "today", split: null, part: null, wide: false };

/** Adds a tile to a board, or changes one: what it counts, how it shows it, and of which days. */
export function TileForm({ board, index, names, onClose }: Props) {
  const { t } = useTranslation("boards");
  const { t: panel } = useTranslation("panel");
  const { language } = usePrefs();
  const change = useChangeBoard();
  const create = useCreateBoard();
  const editor = useEditor({
    record: board as Board | null,
    fieldsOf: (of) => of?.tiles[index] ?? first,
    shows: ["indicator", "split", "part"],
    check: ({ indicator, form, split, part }) => ({
      indicator: indicator === "" && t("fault.indicator"),
      split: form === "bars" && split === null && t("fault.split"),
      part: form === "number" && split !== null && part === null && t("fault.part"),
    }),
    save(tile, base) {
      const tiles = [...(base ?? board).tiles];
      tiles[Math.min(index, tiles.length)] = tile;
      return base
        ? change.mutateAsync({ id: base.id, change: { tiles: tiles.map(sent), seen: base.updated_at } })
        : create.mutateAsync({ name: board.name, shared: board.shared, tiles: tiles.map(sent) });
    },
    current: ({ id }) => currentBoard(id),
    saved: () => t("saved"),
    onClose,
  });
  const { fields, set, faults, conflict } = editor;
  const indicator = names.get(fields.indicator);
  const nameOf = (key: string) => say(names.get(key)?.name, language) || key;
  const all = [...names.values()].filter(isCounted);
  return (
    <FormDialog
      editor={editor}
      title={t(index < board.tiles.length ? "tile.edit" : "tile.add")}
      lines={(of) => [
        { label: t("field.indicator"), value: nameOf(of.indicator), named: true },
        { label: t("field.form"), value: t(`form.${of.form}`) },
        { label: t("field.range"), value: t(`range.${of.range}`) },
        { label: t("field.split"), value: panel(`history.split.${of.split ?? "none"}`) },
        { label: t("field.part"), value: of.part ?? t("part.all") },
        { label: t("field.wide"), value: t(of.wide ? "yes" : "no") },
      ]}
      width={conflict === null ? "28rem" : "38rem"}
    >
      <Field label={t("field.indicator")} error={faults.indicator} hint={say(indicator?.rule, language)} required>
        {({ status: _, ...ids }) => (
          <select {...ids} value={fields.indicator} onChange={(event) => set({ indicator: event.target.value })}>
            <option value="">{t("indicator.choose")}</option>
            {(["service", "bot"] as const).map((owner) => (
              <optgroup key={owner} label={t(`owner.${owner}`)}>
                {all
                  .filter((one) => one.owner === owner)
                  .map((one) => (
                    <option key={one.key} value={one.key}>
                      {say(one.name, language)}
                    </option>
                  ))}
              </optgroup>
            ))}
          </select>
        )}
      </Field>
      <div className="form-two">
        <Field label={t("field.form")}>
          {({ status: _, ...ids }) => (
            <select
              {...ids}
              value={fields.form}
              onChange={(event) => {
                const form = forms.find((one) => one === event.target.value) ?? "number";
                set({ form, ...(form === "bars" ? { part: null } : {}) }, "form", "split", "part");
              }}
            >
              {forms.map((form) => (
                <option key={form} value={form}>
                  {t(`form.${form}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t("field.range")}>
          {({ status: _, ...ids }) => (
            <select
              {...ids}
              value={fields.range}
              onChange={(event) => set({ range: ranges.find((one) => one === event.target.value) ?? "today" })}
            >
              {ranges.map((range) => (
                <option key={range} value={range}>
                  {t(`range.${range}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <SplitFields editor={editor} indicator={indicator} />
      <Switched
        label={t("field.wide")}
        hint={t("field.wide.what")}
        value={fields.wide}
        onChange={(wide) => set({ wide })}
      />
    </FormDialog>
  );
}
