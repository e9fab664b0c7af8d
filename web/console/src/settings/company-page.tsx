import { Button, Dialog, Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { Company } from "@yingda/api/types";
import { useId, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { Conflict, metBy, type Line } from "../lib/conflict";
import { Failed } from "../lib/failed";
import { LoadingCards } from "../lib/loading";
import { useProblemText } from "../lib/problem";
import { may, useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { BrandField } from "./brand-field";
import { BilingualField, Field, FormFaults, useBilingualLines, useFaultsOf, type Faults } from "./field";
import { officeHours } from "./hours";
import { cleanHours, HoursEditor, useHoursInWords } from "./hours-editor";
import { company, currentCompany, useChangeCompany, type CompanyFields } from "./queries";
import "./settings.css";

const zones = (): string[] => (typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : []);

function CompanyForm({ value }: { value: Company }) {
  const { t } = useTranslation("settings");
  const faultsOf = useFaultsOf();
  const change = useChangeCompany();
  const list = useId();
  const [base, setBase] = useState(value);
  const [name, setName] = useState(value.name);
  const [zone, setZone] = useState(value.time_zone);
  const [brand, setBrand] = useState(value.brand ?? "");
  const [byHours, setByHours] = useState(value.hours !== null);
  const [hours, setHours] = useState(value.hours ?? officeHours());
  const [faults, setFaults] = useState<Faults>({});
  const [other, setOther] = useState<Company | null>(null);
  const bilingual = useBilingualLines();
  const hoursInWords = useHoursInWords();
  const mine = (): CompanyFields => ({
    name,
    time_zone: zone.trim(),
    brand: brand === "" ? null : brand,
    hours: byHours ? cleanHours(hours) : null,
  });
  const show = (to: Company) => {
    setBase(to);
    setName(to.name);
    setZone(to.time_zone);
    setBrand(to.brand ?? "");
    setByHours(to.hours !== null);
    if (to.hours) setHours(to.hours);
  };
  const save = async (seen: number) => {
    if (name.zh.trim() === "" && name.en.trim() === "") {
      setFaults({ name: t("fault.either") });
      return;
    }
    try {
      setBase(await change.mutateAsync({ ...mine(), seen }));
      setFaults({});
      toast(t("saved.now"));
    } catch (error) {
      try {
        const met = await metBy(error, currentCompany);
        if (met && met !== "deleted") {
          setOther(met);
          return;
        }
      } catch (reason) {
        setFaults(faultsOf(reason, []));
        return;
      }
      setFaults(faultsOf(error, ["name", "time_zone", "brand", "hours"]));
    }
  };
  const lines = (of: CompanyFields): Line[] => [
    ...bilingual(t("company.name"), of.name, true),
    { label: t("field.time_zone"), value: of.time_zone },
    { label: t("field.brand"), value: of.brand ?? "" },
    { label: t("company.hours"), value: of.hours === null ? t("hours.always") : hoursInWords(of.hours) },
  ];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!change.isPending) void save(base.updated_at);
  };
  return (
    <form className="settings-form settings-page-form" onSubmit={submit} noValidate>
      <section className="card settings-one" aria-label={t("company.name")}>
        <BilingualField
          label={t("company.name")}
          name="name"
          value={name}
          faults={faults}
          max={80}
          onChange={setName}
        />
        <div className="settings-two">
          <Field label={t("field.time_zone")} hint={t("hint.time_zone")} error={faults.time_zone}>
            {(ids) => (
              <>
                <Input
                  {...ids}
                  list={list}
                  autoComplete="off"
                  spellCheck={false}
                  maxLength={60}
                  value={zone}
                  onChange={(event) => setZone(event.target.value)}
                />
                <datalist id={list}>
                  {zones().map((one) => (
                    <option key={one} value={one} />
                  ))}
                </datalist>
              </>
            )}
          </Field>
          <BrandField value={brand} error={faults.brand} hint={t("hint.company_brand")} onChange={setBrand} />
        </div>
      </section>
      <section className="card settings-one" aria-label={t("company.hours")}>
        <span className="row wrap">
          <b className="grow">{t("company.hours")}</b>
          <Choice
            label={t("company.hours")}
            value={byHours ? "hours" : "always"}
            options={[
              { value: "always", word: t("hours.always") },
              { value: "hours", word: t("hours.by") },
            ]}
            onChange={(next) => setByHours(next === "hours")}
          />
        </span>
        <p className="s2 t3">{t("company.hours.what")}</p>
        {byHours && <HoursEditor value={hours} zone={zone} faults={faults} onChange={setHours} />}
      </section>
      <FormFaults faults={faults} />
      <div className="row settings-acts">
        <Button type="primary" htmlType="submit" loading={change.isPending}>
          {t("save")}
        </Button>
      </div>
      {other !== null && (
        <Dialog open title={t("side.company")} closeLabel={t("close")} onClose={() => setOther(null)} width="46rem">
          <Conflict
            mine={lines(mine())}
            theirs={lines(other)}
            onTheirs={() => {
              show(other);
              setFaults({});
              setOther(null);
            }}
            onMine={() => {
              setBase(other);
              setOther(null);
              void save(other.updated_at);
            }}
          />
        </Dialog>
      )}
    </form>
  );
}

/** The company's name, time zone, colour and hours. */
export function CompanyPage() {
  const { t } = useTranslation("settings");
  const text = useProblemText();
  const allowed = may(useMe(), "settings");
  const found = useQuery({ ...company, enabled: allowed });
  const [shown, setShown] = useState<Company | null>(null);
  // What is being edited stays until it is saved: someone else's change must not overwrite it.
  if (found.data && shown === null) setShown(found.data);
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t("side.company")}</h1>
        <span className="s2 t3">{t("company.about")}</span>
      </header>
      <div className="page-body" data-pane tabIndex={-1}>
        {!allowed && (
          <p className="notice warn" role="alert">
            {text("not_permitted")}
          </p>
        )}
        <Failed of={found} />
        {allowed && found.isPending && (
          <LoadingCards cards={2} lines={4} className="settings-form settings-page-form" card="card settings-one" />
        )}
        {shown && <CompanyForm value={shown} />}
      </div>
    </div>
  );
}
