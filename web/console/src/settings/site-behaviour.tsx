import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { Switched } from "../lib/switched";
import { SiteReasons } from "./site-reasons";
import { useMisses, type SiteEditor } from "./use-site-editor";

/** What the widget of a site asks and offers. */
export function SiteBehaviour({ editor }: { editor: SiteEditor }) {
  const { fields, set, faults } = editor;
  const { t } = useTranslation("settings");
  const misses = useMisses();
  return (
    <>
      <Switched
        label={t("field.asks_rating")}
        hint={t("hint.asks_rating")}
        value={fields.asks_rating}
        onChange={(asks_rating) => set({ asks_rating })}
      />
      {fields.asks_rating && <SiteReasons editor={editor} />}
      <Switched
        label={t("field.message_when_unstaffed")}
        hint={t("hint.message_when_unstaffed")}
        value={fields.message_when_unstaffed}
        onChange={(message_when_unstaffed) => set({ message_when_unstaffed })}
      />
      <Field
        label={t("field.offer_after_misses")}
        hint={t("hint.offer_after_misses")}
        error={faults.offer_after_misses}
      >
        {({ status: _, ...ids }) => (
          <select
            {...ids}
            value={fields.offer_after_misses}
            onChange={(event) => set({ offer_after_misses: Number(event.target.value) })}
          >
            {[0, 1, 2, 3, 4, 5].map((n) => (
              <option key={n} value={n}>
                {misses(n)}
              </option>
            ))}
          </select>
        )}
      </Field>
    </>
  );
}
