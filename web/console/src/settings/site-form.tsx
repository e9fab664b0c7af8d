import { Input } from "@yingda/antd";
import type { CompanySite } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { BrandField } from "./brand-field";
import { SiteBehaviour } from "./site-behaviour";
import { SiteTexts } from "./site-texts";
import { listed, useSiteEditor } from "./use-site-editor";

/** Adds a site or edits one: what its widget says, how it looks, and which pages may frame it. */
export function SiteForm({ site, onClose }: { site: CompanySite | null; onClose(): void }) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const { editor, lines, queues, queueOf } = useSiteEditor(site, onClose);
  const { fields, set, faults } = editor;
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
    <FormDialog
      editor={editor}
      title={site ? t("site.edit", { name: say(site.name, language) }) : t("site.new")}
      lines={lines}
      width="46rem"
    >
      <div className="form-two">
        <Field label={t("field.key")} hint={site ? t("hint.key_changes") : t("hint.key")} error={faults.key} required>
          {(ids) => (
            <Input
              {...ids}
              autoFocus={!site}
              autoComplete="off"
              spellCheck={false}
              maxLength={40}
              value={fields.key}
              onChange={(event) => set({ key: event.target.value.trim().toLowerCase() })}
            />
          )}
        </Field>
        <Field label={t("field.queue")} hint={t("hint.queue")} error={faults.queue}>
          {({ status: _, ...ids }) => (
            <select {...ids} value={queueOf(fields.queue)} onChange={(event) => set({ queue: event.target.value })}>
              {queues.map((one) => (
                <option key={one.id} value={one.id}>
                  {say(one.name, language)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <SiteTexts editor={editor} />
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
      <Field label={t("field.questions")} hint={t("hint.questions")} error={faults.questions}>
        {(ids) => (
          <Input
            {...ids}
            autoComplete="off"
            spellCheck={false}
            value={fields.questions}
            onChange={(event) => set({ questions: event.target.value })}
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
      <SiteBehaviour editor={editor} />
    </FormDialog>
  );
}
