import { Input } from "@yingda/antd";
import { useTranslation } from "react-i18next";
import { BilingualField } from "../lib/bilingual";
import { Field } from "../lib/field";
import { listed, type SiteEditor } from "./use-site-editor";

/** What a site is called, its key, and which pages may frame its widget. */
export function SitePlace({ editor: { fields, set, faults }, isNew }: { editor: SiteEditor; isNew: boolean }) {
  const { t } = useTranslation("settings");
  const wrongOrigin = Object.entries(faults).find(([name]) => name === "origins" || name.startsWith("origins."));
  const originFault =
    wrongOrigin &&
    (/\.(\d+)$/.test(wrongOrigin[0])
      ? t("fault.origin", {
          origin: listed(fields.origins)[Number(wrongOrigin[0].split(".")[1])] ?? "",
          why: wrongOrigin[1],
        })
      : wrongOrigin[1]);
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
      <Field label={t("field.key")} hint={isNew ? t("hint.key") : t("hint.key_changes")} error={faults.key} required>
        {(ids) => (
          <Input
            {...ids}
            autoComplete="off"
            spellCheck={false}
            maxLength={40}
            value={fields.key}
            onChange={(event) => set({ key: event.target.value.trim().toLowerCase() })}
          />
        )}
      </Field>
      <Field label={t("field.origins")} hint={t("hint.origins")} error={originFault}>
        {({ status, ...ids }) => (
          <Input.TextArea
            {...ids}
            status={status}
            rows={3}
            spellCheck={false}
            value={fields.origins}
            onChange={(event) => set({ origins: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}
