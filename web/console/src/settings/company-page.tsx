import { Button, Dialog, Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { Company } from "@yingda/api/types";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { BilingualField, saysNothing, useBilingualLines } from "../lib/bilingual";
import { Choice } from "../lib/choice";
import { Failed } from "../lib/failed";
import { Field } from "../lib/field";
import { ConflictView, FormFault } from "../lib/form-dialog";
import { LoadingCards } from "../lib/loading";
import { useMe } from "../lib/session";
import { Page } from "../lib/page";
import { useEditor } from "../lib/use-editor";
import { BrandField } from "./brand-field";
import { CompanyArchive } from "./company-archive";
import { CompanyCurrency } from "./company-currency";
import { CompanyUse } from "./company-use";
import { officeHours } from "./hours";
import { cleanHours, HoursEditor, hoursFields, useHoursInWords } from "./hours-editor";
import { company, currentCompany, useChangeCompany } from "./queries";
import { useRules } from "./rules";
import "./settings.css";

const zones = (): string[] => (typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : []);

/** `by_hours` is whether it has hours; `hours` are those, or the ones to begin with. */
const fieldsOf = (of: Company | null) => ({
  name: of?.name ?? { zh: "", en: "" },
  time_zone: of?.time_zone ?? "",
  brand: of?.brand ?? "",
  by_hours: of !== null && of.hours !== null,
  hours: of?.hours ?? officeHours(),
});

function CompanyForm({ value }: { value: Company }) {
  const { t } = useTranslation("settings");
  const { t: kit } = useTranslation("kit");
  const change = useChangeCompany();
  const list = useId();
  const bilingual = useBilingualLines();
  const hoursInWords = useHoursInWords();
  const editor = useEditor({
    record: value,
    fieldsOf,
    shows: ["name.*", "time_zone", "brand", ...hoursFields],
    check: ({ name }) => ({ name: saysNothing(name) && t("fault.either") }),
    save: ({ name, time_zone, brand, by_hours, hours }, base) =>
      change.mutateAsync({
        name,
        time_zone: time_zone.trim(),
        brand: brand === "" ? null : brand,
        hours: by_hours ? cleanHours(hours) : null,
        seen: (base ?? value).updated_at,
      }),
    current: currentCompany,
    refused: useRules(),
    saved: () => t("saved.now"),
    stays: (saved) => saved,
  });
  const { fields, set, faults, busy, conflict } = editor;
  return (
    <form ref={editor.form} className="form settings-page-form" onSubmit={editor.submit} noValidate>
      <section className="card settings-one" aria-label={t("company.name")}>
        <BilingualField
          label={t("company.name")}
          name="name"
          value={fields.name}
          faults={faults}
          max={80}
          onChange={(name) => set({ name })}
        />
        <div className="form-two">
          <Field label={t("field.time_zone")} hint={t("hint.time_zone")} error={faults.time_zone}>
            {(ids) => (
              <>
                <Input
                  {...ids}
                  list={list}
                  autoComplete="off"
                  spellCheck={false}
                  maxLength={60}
                  value={fields.time_zone}
                  onChange={(event) => set({ time_zone: event.target.value })}
                />
                <datalist id={list}>
                  {zones().map((one) => (
                    <option key={one} value={one} />
                  ))}
                </datalist>
              </>
            )}
          </Field>
          <BrandField
            value={fields.brand}
            error={faults.brand}
            hint={t("hint.company_brand")}
            onChange={(brand) => set({ brand })}
          />
        </div>
      </section>
      <section className="card settings-one" aria-label={t("company.hours")}>
        <span className="row wrap">
          <b className="grow">{t("company.hours")}</b>
          <Choice
            label={t("company.hours")}
            value={fields.by_hours ? "hours" : "always"}
            options={[
              { value: "always", word: t("hours.always") },
              { value: "hours", word: t("hours.by") },
            ]}
            onChange={(next) => set({ by_hours: next === "hours" })}
          />
        </span>
        <p className="s2 t3">{t("company.hours.what")}</p>
        {fields.by_hours && (
          <HoursEditor
            value={fields.hours}
            zone={fields.time_zone}
            faults={faults}
            onChange={(hours) => set({ hours })}
          />
        )}
      </section>
      <FormFault faults={faults} />
      <div className="row settings-acts">
        <Button type="primary" htmlType="submit" loading={busy}>
          {kit("save")}
        </Button>
      </div>
      {conflict !== null && (
        <Dialog open title={t("side.company")} closeLabel={t("close")} onClose={editor.back} width="46rem">
          <ConflictView
            editor={editor}
            lines={(of) => [
              ...bilingual(t("company.name"), of.name, true),
              { label: t("field.time_zone"), value: of.time_zone },
              { label: t("field.brand"), value: of.brand },
              {
                label: t("company.hours"),
                value: of.by_hours ? hoursInWords(cleanHours(of.hours)) : t("hours.always"),
              },
            ]}
          />
        </Dialog>
      )}
    </form>
  );
}

/** The company's name, time zone, colour, hours and currency, what it uses, and all that it has as a file. */
export function CompanyPage() {
  const { t } = useTranslation("settings");
  const me = useMe();
  const found = useQuery(company);
  const [shown, setShown] = useState<Company | null>(null);
  // What is being edited stays until it is saved: someone else's change must not overwrite it.
  if (found.data && shown === null) setShown(found.data);
  return (
    <Page title={t("side.company")} data-tour="company" about={t("company.about")}>
      <Failed of={found} />
      {found.isPending && (
        <LoadingCards cards={2} lines={4} className="form settings-page-form" card="card settings-one" />
      )}
      {shown && <CompanyForm value={shown} />}
      {shown && <CompanyCurrency />}
      {shown && <CompanyUse />}
      {me.role === "administrator" && <CompanyArchive />}
    </Page>
  );
}
