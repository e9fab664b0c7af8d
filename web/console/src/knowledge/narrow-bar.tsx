import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { Icon } from "../lib/icon";

export type Side = "entry" | "try";

/** Where there is room for one pane only: the way back to the list, and the choice between the entry and what is beside it. */
export function NarrowBar({ side, onSide, onBack }: { side: Side; onSide(side: Side): void; onBack(): void }) {
  const { t } = useTranslation("knowledge");
  return (
    <div className="row kn-narrow">
      <button type="button" className="kn-text-button kn-back" onClick={onBack}>
        <Icon name="left" />
        {t("back")}
      </button>
      <Choice<Side>
        label={t("panes")}
        value={side}
        onChange={onSide}
        options={[
          { value: "entry", word: t("pane.entry") },
          { value: "try", word: t("pane.try") },
        ]}
      />
    </div>
  );
}
