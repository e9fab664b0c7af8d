import { Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { CompanySite } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { BilingualField, saysNothing, useBilingualLines } from "../lib/bilingual";
import { Choice } from "../lib/choice";
import type { Line } from "../lib/conflict";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { Switched } from "../lib/switched";
import { useEditor } from "../lib/use-editor";
import { BrandField } from "./brand-field";
import { queues } from "../lib/directory";
import { currentSite, useChangeSite, useCreateSite } from "./queries";
import { useRules } from "./rules";

const empty = { zh: "", en: "" };
/** Questions and origins are edited as text. */
const fieldsOf = (site: CompanySite | null) => ({
  key: site?.key ?? "",
  queue: site?.queue ?? "",
  name: site?.name ?? empty,
  bot_name: site?.bot_name ?? empty,
  greeting: site?.greeting ?? empty,
  privacy_note: site?.privacy_note ?? empty,
  brand: site?.brand ?? null,
  side: site?.side ?? ("end" as const),
  questions: site?.questions.join(" ") ?? "",
  origins: site?.origins.join("\n") ?? "",
  asks_rating: site?.asks_rating ?? true,
  message_when_unstaffed: site?.message_when_unstaffed ?? false,
  offer_after_misses: site?.offer_after_misses ?? 2,
  help_lines: site?.help_lines ?? empty,
});
const listed = (text: string) => text.split(/[\s,，]+/).filter((one) => one !== "");

/** Adds a site or edits one: what its widget says, how it looks, and which pages may frame it. */
export function SiteForm({ site, onClose }: { site: CompanySite | null; onClose(): void }) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const allQueues = useQuery(queues).data?.items ?? [];
  const create = useCreateSite();
  const change = useChangeSite();
  const bilingual = useBilingualLines();
  /** The first one, until one is chosen. */
  const queueOf = (queue: string) => queue || (allQueues[0]?.id ?? "");
  const editor = useEditor({
    record: site,
    fieldsOf,
    shows: [
      "key",
      "queue",
      "name.*",
      "bot_name.*",
      "greeting.*",
      "privacy_note.*",
      "brand",
      "questions",
      "origins.*",
      "offer_after_misses",
      "help_lines.*",
    ],
    check: ({ key, name, bot_name, greeting, privacy_note }) => ({
      name: saysNothing(name) && t("fault.either"),
      bot_name: saysNothing(bot_name) && t("fault.either"),
      greeting: saysNothing(greeting) && t("fault.either"),
      privacy_note: saysNothing(privacy_note) && t("fault.either"),
      key: !/^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$/.test(key) && t("fault.key"),
    }),
    save({ queue, questions, origins, ...fields }, base) {
      const body = { ...fields, queue: queueOf(queue), questions: listed(questions), origins: listed(origins) };
      return base
        ? change.mutateAsync({ id: base.id, change: { ...body, seen: base.updated_at } })
        : create.mutateAsync(body);
    },
    current: ({ id }) => currentSite(id),
    refused: useRules(),
    saved: () => t("saved.now"),
    onClose,
  });
  const { fields, set, faults } = editor;
  const asked = (yes: boolean) => (yes ? t("site.yes") : t("site.no"));
  const misses = (n: number) => (n === 0 ? t("misses.never") : t("misses.after", { count: n }));
  const lines = (of: typeof fields): Line[] => [
    { label: t("field.key"), value: of.key, named: true },
    {
      label: t("field.queue"),
      value: say(allQueues.find((one) => one.id === queueOf(of.queue))?.name, language),
    },
    ...bilingual(t("field.site_name"), of.name),
    ...bilingual(t("field.bot_name"), of.bot_name),
    ...bilingual(t("field.greeting"), of.greeting),
    ...bilingual(t("field.privacy_note"), of.privacy_note),
    { label: t("field.brand"), value: of.brand ?? "" },
    { label: t("field.side"), value: t(`side.${of.side}`) },
    { label: t("field.questions"), value: listed(of.questions).join(" ") },
    { label: t("field.origins"), value: listed(of.origins).join("\n") },
    { label: t("field.asks_rating"), value: asked(of.asks_rating) },
    { label: t("field.message_when_unstaffed"), value: asked(of.message_when_unstaffed) },
    { label: t("field.offer_after_misses"), value: misses(of.offer_after_misses) },
    ...bilingual(t("field.help_lines"), of.help_lines),
  ];
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
    </FormDialog>
  );
}
