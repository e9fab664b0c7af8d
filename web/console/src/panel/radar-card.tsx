import type { Indicator, Panel } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { signs, valuesOf, type Axis } from "./model";
import { PlotCard, type Toggled } from "./plot-card";
import { Radar } from "./radar";
import type { PanelWindow } from "./search";
import { SignTable } from "./sign-table";

interface Props extends Toggled {
  panel: Panel;
  window: PanelWindow;
  names: ReadonlyMap<string, Indicator>;
}

/** The signs of how things are going, each against its target. */
export function RadarCard({ panel, window, names, asTable, onToggle }: Props) {
  const { t } = useTranslation("panel");
  const values = valuesOf(panel, window);
  const axes = signs.map(
    ({ key }): Axis => ({
      key,
      name: t(`sign.${key}`),
      value: key === "utilisation" ? panel.now.utilisation : values[key],
      target: names.get(key)?.target ?? null,
    }),
  );
  return (
    <PlotCard
      name="radar"
      title={t("radar.title")}
      aside={t("radar.aside")}
      asTable={asTable}
      onToggle={onToggle}
      table={<SignTable title={t("radar.title")} axes={axes} panel={panel} values={values} names={names} />}
    >
      <Radar axes={axes} />
    </PlotCard>
  );
}
