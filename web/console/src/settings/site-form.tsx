import { Button, Dialog, Input, Switch } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { CompanySite } from "@yingda/api/types";
import { useId, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { Conflict, metBy, type Line, type Other } from "../lib/conflict";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { toast } from "../lib/toast";
import { BrandField } from "./brand-field";
import { BilingualField, Field, FormFaults, useBilingualLines, useFaultsOf, type Faults } from "./field";
import { currentSite, queues, useChangeSite, useCreateSite, type SiteFields } from "./queries";

const empty = { zh: "", en: "" };
const fieldsOf = (site: CompanySite | null): SiteFields =>
  site
    ? {
        key: site.key,
        queue: site.queue,
        name: site.name,
        bot_name: site.bot_name,
        greeting: site.greeting,
        privacy_note: site.privacy_note,
        brand: site.brand,
        side: site.side,
        questions: site.questions,
        origins: site.origins,
        asks_rating: site.asks_rating,
        message_when_unstaffed: site.message_when_unstaffed,
      }
    : {
        key: "",
        queue: "",
        name: empty,
        bot_name: empty,
        greeting: empty,
        privacy_note: empty,
        brand: null,
        side: "end",
        questions: [],
        origins: [],
        asks_rating: true,
        message_when_unstaffed: false,
      };
const lines = (text: string) => text.split(/[\s,，]+/).filter((line) => line !== "");

function Switched({
  label,
  hint,
  value,
  onChange,
}: {
  label: string;
  hint: string;
  value: boolean;
  onChange(value: boolean): void;
}) {
  const id = useId();
  return (
    <div className="row settings-switch">
      <Switch id={id} checked={value} aria-describedby={`${id}-words`} onChange={onChange} />
      <span>
        <label htmlFor={id}>{label}</label>
        <span id={`${id}-words`} className="s1 t3 settings-line">
          {hint}
        </span>
      </span>
    </div>
  );
}

/** Adds a site or edits one: what its widget says, how it looks, and which pages may frame it. */
export function SiteForm({ site, onClose }: { site: CompanySite | null; onClose(): void }) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const faultsOf = useFaultsOf();
  const allQueues = useQuery(queues).data?.items ?? [];
  const create = useCreateSite();
  const change = useChangeSite();
  const [base, setBase] = useState(site);
  const [fields, setFields] = useState(() => fieldsOf(site));
  const [origins, setOrigins] = useState(fields.origins.join("\n"));
  const [questions, setQuestions] = useState(fields.questions.join(" "));
  const [faults, setFaults] = useState<Faults>({});
  const [other, setOther] = useState<Other<CompanySite> | null>(null);
  const bilingual = useBilingualLines();
  const busy = create.isPending || change.isPending;
  const set = (part: Partial<SiteFields>) => setFields((before) => ({ ...before, ...part }));
  const queue = fields.queue || (allQueues[0]?.id ?? "");

  const mine = (): SiteFields => ({ ...fields, queue, origins: lines(origins), questions: lines(questions) });
  const show = (of: CompanySite) => {
    setBase(of);
    setFields(fieldsOf(of));
    setOrigins(of.origins.join("\n"));
    setQuestions(of.questions.join(" "));
  };
  const save = async (over: CompanySite | null) => {
    const found: Record<string, string> = {};
    for (const name of ["name", "bot_name", "greeting", "privacy_note"] as const)
      if (fields[name].zh.trim() === "" && fields[name].en.trim() === "") found[name] = t("fault.either");
    if (!/^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$/.test(fields.key)) found.key = t("fault.key");
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    try {
      if (over) await change.mutateAsync({ id: over.id, change: { ...mine(), seen: over.updated_at } });
      else await create.mutateAsync(mine());
      toast(t("saved.now"));
      onClose();
    } catch (error) {
      try {
        const met = over && (await metBy(error, () => currentSite(over.id)));
        if (met) {
          setOther(met);
          return;
        }
      } catch (reason) {
        setFaults(faultsOf(reason, []));
        return;
      }
      setFaults(
        faultsOf(error, [
          "key",
          "queue",
          "name",
          "bot_name",
          "greeting",
          "privacy_note",
          "brand",
          "questions",
          "origins",
        ]),
      );
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) void save(base);
  };
  const asked = (yes: boolean) => (yes ? t("site.yes") : t("site.no"));
  const compared = (of: SiteFields): Line[] => [
    { label: t("field.key"), value: of.key, named: true },
    { label: t("field.queue"), value: say(allQueues.find((one) => one.id === of.queue)?.name, language) },
    ...bilingual(t("field.site_name"), of.name),
    ...bilingual(t("field.bot_name"), of.bot_name),
    ...bilingual(t("field.greeting"), of.greeting),
    ...bilingual(t("field.privacy_note"), of.privacy_note),
    { label: t("field.brand"), value: of.brand ?? "" },
    { label: t("field.side"), value: t(`side.${of.side}`) },
    { label: t("field.questions"), value: of.questions.join(" ") },
    { label: t("field.origins"), value: of.origins.join("\n") },
    { label: t("field.asks_rating"), value: asked(of.asks_rating) },
    { label: t("field.message_when_unstaffed"), value: asked(of.message_when_unstaffed) },
  ];
  const wrongOrigin = Object.entries(faults).find(([name]) => name === "origins" || name.startsWith("origins."));
  const originFault =
    wrongOrigin &&
    (/\.(\d+)$/.test(wrongOrigin[0])
      ? t("fault.origin", { origin: lines(origins)[Number(wrongOrigin[0].split(".")[1])] ?? "", why: wrongOrigin[1] })
      : wrongOrigin[1]);

  return (
    <Dialog
      open
      title={site ? t("site.edit", { name: say(site.name, language) }) : t("site.new")}
      closeLabel={t("close")}
      onClose={onClose}
      width="46rem"
    >
      {other !== null ? (
        <Conflict
          mine={compared(mine())}
          theirs={other === "deleted" ? null : compared(fieldsOf(other))}
          onTheirs={() => {
            if (other === "deleted") onClose();
            else {
              show(other);
              setOther(null);
            }
          }}
          onMine={() => {
            const over = other === "deleted" ? null : other;
            setBase(over);
            setOther(null);
            void save(over);
          }}
        />
      ) : (
        <form className="settings-form" onSubmit={submit} noValidate>
          <div className="settings-two">
            <Field label={t("field.key")} hint={site ? t("hint.key_changes") : t("hint.key")} error={faults.key}>
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
                <select
                  {...ids}
                  className="settings-select"
                  value={queue}
                  onChange={(event) => set({ queue: event.target.value })}
                >
                  {allQueues.map((one) => (
                    <option key={one.id} value={one.id}>
                      {say(one.name, language)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          </div>
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
          <div className="settings-two">
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
                value={questions}
                onChange={(event) => setQuestions(event.target.value)}
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
                value={origins}
                onChange={(event) => setOrigins(event.target.value)}
              />
            )}
          </Field>
          <Switched
            label={t("field.asks_rating")}
            hint={t("hint.asks_rating")}
            value={fields.asks_rating}
            onChange={(asks_rating) => set({ asks_rating })}
          />
          <Switched
            label={t("field.message_when_unstaffed")}
            hint={t("hint.message_when_unstaffed")}
            value={fields.message_when_unstaffed}
            onChange={(message_when_unstaffed) => set({ message_when_unstaffed })}
          />
          <FormFaults faults={faults} />
          <div className="row settings-acts">
            <Button onClick={onClose}>{t("cancel")}</Button>
            <Button type="primary" htmlType="submit" loading={busy}>
              {t("save")}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
