import { useQuery } from "@tanstack/react-query";
import type { Board, Indicator } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { serverNow } from "../../lib/clock";
import { Field } from "../../lib/field";
import { useMe } from "../../lib/session";
import type { Editor } from "../../lib/use-editor";
import { partsOf } from "../history/model";
import { splits, type SplitBy } from "../history/search";
import { metrics } from "../queries";
import { measureOf, queryOf, todayOf, type Tile } from "./model";
import { usePartName } from "../history/names";

interface Props {
  editor: Editor<Board, Tile>;
  indicator: Indicator | undefined;
}

/** By what the indicator is split, and which of its parts is shown. */
export function SplitFields({ editor: { fields, set, faults }, indicator }: Props) {
  const { t } = useTranslation("boards");
  const { t: panel } = useTranslation("panel");
  const me = useMe();
  const partName = usePartName();
  const { split } = fields;
  const asked = split !== null && indicator !== undefined;
  const found = useQuery({
    ...metrics(queryOf({ ...fields, form: "bars", range: "days_30" }, todayOf(serverNow(), me.time_zone))),
    enabled: asked,
  });
  const parts = asked && indicator ? partsOf(found.data?.items[0], measureOf(indicator)) : [];
  const isListed = parts.some((line) => (line.part ?? "") === fields.part);
  return (
    <div className="form-two">
      <Field label={t("field.split")} error={faults.split}>
        {({ status: _, ...ids }) => (
          <select
            {...ids}
            value={split ?? ""}
            onChange={(event) => {
              const next: SplitBy | null = splits.find((one) => one === event.target.value) ?? null;
              set({ split: next, part: null });
            }}
          >
            <option value="">{panel("history.split.none")}</option>
            {splits.map((one) => (
              <option key={one} value={one}>
                {panel(`history.split.${one}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {split !== null && fields.form !== "bars" && (
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
                  {partName(line, split)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </div>
  );
}
