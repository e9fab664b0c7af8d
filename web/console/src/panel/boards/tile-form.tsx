import { useQuery } from "@tanstack/react-query";
import type { Board, Indicator } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { serverNow } from "../../lib/clock";
import { Field } from "../../lib/field";
import { FormDialog } from "../../lib/form-dialog";
import { say } from "../../lib/i18n";
import { usePrefs } from "../../lib/prefs";
import { useMe } from "../../lib/session";
import { Switched } from "../../lib/switched";
import { useEditor } from "../../lib/use-editor";
import { partsOf } from "../history/model";
import { splits, type SplitBy } from "../history/search";
import { metrics } from "../queries";
import { forms, isCounted, measureOf, queryOf, ranges, todayOf, type Tile } from "./model";
import { usePartName } from "./names";
import { currentBoard, sent, useChangeBoard, useCreateBoard } from "./queries";

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
  const me = useMe();
  const change = useChangeBoard();
  const create = useCreateBoard();
  const partName = usePartName();
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
  const asked = fields.split !== null && indicator !== undefined;
  const found = useQuery({
    ...metrics(queryOf({ ...fields, form: "bars", range: "days_30" }, todayOf(serverNow(), me.time_zone))),
    enabled: asked,
  });
  const parts = asked && indicator ? partsOf(found.data?.items[0], measureOf(indicator)) : [];
  const isListed = parts.some((line) => (line.part ?? "") === fields.part);
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
      <div className="form-two">
        <Field label={t("field.split")} error={faults.split}>
          {({ status: _, ...ids }) => (
            <select
              {...ids}
              value={fields.split ?? ""}
              onChange={(event) => {
                const split: SplitBy | null = splits.find((one) => one === event.target.value) ?? null;
                set({ split, part: null });
              }}
            >
              <option value="">{panel("history.split.none")}</option>
              {splits.map((split) => (
                <option key={split} value={split}>
                  {panel(`history.split.${split}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        {fields.split !== null && fields.form !== "bars" && (
          <Field label={t("field.part")} error={faults.part} hint={found.isError ? t("part.failed") : undefined}>
            {({ status: _, ...ids }) => (
              <select
                {...ids}
                value={fields.part === null ? "*" : `=${fields.part}`}
                onChange={(event) => set({ part: event.target.value === "*" ? null : event.target.value.slice(1) })}
              >
                <option value="*">{t("part.all")}</option>
                {fields.part !== null && !isListed && <option value={`=${fields.part}`}>{t("part.chosen")}</option>}
                {parts.map((line) => (
                  <option key={line.id} value={`=${line.part ?? ""}`}>
                    {partName(line, fields.split)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
      </div>
      <Switched
        label={t("field.wide")}
        hint={t("field.wide.what")}
        value={fields.wide}
        onChange={(wide) => set({ wide })}
      />
    </FormDialog>
  );
}
