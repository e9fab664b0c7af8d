import { useTranslation } from "react-i18next";
import { BilingualField } from "../lib/bilingual";
import type { SiteEditor } from "./use-site-editor";

/** What the widget of a site says. */
export function SiteTexts({ editor: { fields, set, faults } }: { editor: SiteEditor }) {
  const { t } = useTranslation("settings");
  return (
    <>
      <BilingualField
        label={t("field.site_name")}
        name="name"
        value={fields.name}
        faults={faults}
        max={80}
        onChange={(name) => set({ name })}
      />
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
        label={t("field.privacy_note")}
        name="privacy_note"
        value={fields.privacy_note}
        faults={faults}
        max={1000}
        onChange={(privacy_note) => set({ privacy_note })}
      />
    </>
  );
}
