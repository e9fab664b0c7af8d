import { useTranslation } from "react-i18next";
import { BilingualField } from "../lib/bilingual";
import { Choice } from "../lib/choice";
import { BrandField } from "./brand-field";
import type { SiteEditor } from "./use-site-editor";

/** How the widget of a site looks, and what it says. */
export function SiteLook({ editor: { fields, set, faults } }: { editor: SiteEditor }) {
  const { t } = useTranslation("settings");
  return (
    <>
      <div className="form-two">
        <BrandField
          value={fields.brand ?? ""}
          error={faults.brand}
          hint={t("hint.site_brand")}
          onChange={(brand) => set({ brand: brand === "" ? null : brand })}
        />
        <div className="field">
          <span>{t("field.side")}</span>
          <Choice
            label={t("field.side")}
            value={fields.side}
            options={[
              { value: "end", word: t("side.end") },
              { value: "start", word: t("side.start") },
            ]}
            onChange={(side) => set({ side })}
          />
        </div>
      </div>
      <BilingualField
        label={t("field.bot_name")}
        name="bot_name"
        value={fields.bot_name}
        faults={faults}
        max={80}
        onChange={(bot_name) => set({ bot_name })}
      />
      <BilingualField
        long
        label={t("field.greeting")}
        name="greeting"
        value={fields.greeting}
        faults={faults}
        max={1000}
        onChange={(greeting) => set({ greeting })}
      />
      <BilingualField
        long
        label={t("field.closed_greeting")}
        hint={t("hint.closed_greeting")}
        name="closed_greeting"
        value={fields.closed_greeting}
        faults={faults}
        max={1000}
        onChange={(closed_greeting) => set({ closed_greeting })}
      />
      <BilingualField
        long
        label={t("field.privacy_note")}
        name="privacy_note"
        value={fields.privacy_note}
        faults={faults}
        max={1000}
        onChange={(privacy_note) => set({ privacy_note })}
      />
      <BilingualField
        long
        label={t("field.help_lines")}
        hint={t("hint.help_lines")}
        name="help_lines"
        value={fields.help_lines}
        faults={faults}
        max={1000}
        onChange={(help_lines) => set({ help_lines })}
      />
    </>
  );
}
