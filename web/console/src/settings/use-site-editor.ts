import { useQuery } from "@tanstack/react-query";
import type { CompanySite } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { saysNothing, useBilingualLines } from "../lib/bilingual";
import type { Line } from "../lib/conflict";
import { queues } from "../lib/directory";
import type { Faults } from "../lib/field";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { useEditor, type Editor } from "../lib/use-editor";
import { currentSite, useChangeSite, useCreateSite } from "./queries";
import { useKindNames } from "./question-kinds";
import { useRules } from "./rules";

const empty = { zh: "", en: "" };
/** Questions and origins are edited as text. A new site begins with the look and the words of another one. */
const fieldsOf = (site: CompanySite | null, like: CompanySite | null) => ({
  key: site?.key ?? "",
  queue: site?.queue ?? "",
  name: site?.name ?? empty,
  bot_name: (site ?? like)?.bot_name ?? empty,
  greeting: (site ?? like)?.greeting ?? empty,
  closed_greeting: (site ?? like)?.closed_greeting ?? empty,
  privacy_note: (site ?? like)?.privacy_note ?? empty,
  brand: (site ?? like)?.brand ?? null,
  side: (site ?? like)?.side ?? ("end" as const),
  questions: site?.questions.join(" ") ?? "",
  origins: site?.origins.join("\n") ?? "",
  asks_rating: site?.asks_rating ?? true,
  rating_reasons: (site ?? like)?.rating_reasons ?? [],
  message_when_unstaffed: site?.message_when_unstaffed ?? false,
  offer_after_misses: site?.offer_after_misses ?? 2,
  help_lines: (site ?? like)?.help_lines ?? empty,
  asks_about: site?.asks_about ?? { on: false, may_skip: true, questions: [] as string[] },
});
/** What was entered, one by one. */
export const listed = (text: string) => text.split(/[\s,，、;；]+/).filter((one) => one !== "");

/** The steps of the form. */
export const steps = ["place", "look", "service"] as const;
export type Step = (typeof steps)[number];

/** The step that shows a field. */
const stepOf = (field: string): Step => {
  if (/^(key|name|origins)(\.|$)/.test(field)) return "place";
  return /^(bot_name|greeting|closed_greeting|privacy_note|brand|side|help_lines)(\.|$)/.test(field)
    ? "look"
    : "service";
};

export type SiteEditor = Editor<CompanySite, ReturnType<typeof fieldsOf>>;

/** When the bot offers a person, in words. */
export function useMisses(): (n: number) => string {
  const { t } = useTranslation("settings");
  return (n) => (n === 0 ? t("misses.never") : t("misses.after", { count: n }));
}

/** A site that is added, with the look and the words of another one to begin with, or edited; and how its versions are told apart. */
export function useSiteEditor(site: CompanySite | null, like: CompanySite | null, onClose: () => void) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const { nameOf } = useKindNames();
  const allQueues = useQuery(queues).data?.items ?? [];
  const create = useCreateSite();
  const change = useChangeSite();
  const bilingual = useBilingualLines();
  /** The first one, until one is chosen. */
  const queueOf = (queue: string) => queue || (allQueues[0]?.id ?? "");
  const [step, setStep] = useState<Step>("place");
  const check = ({ key, name, bot_name, greeting, privacy_note, rating_reasons }: ReturnType<typeof fieldsOf>) => ({
    name: saysNothing(name) && t("fault.either"),
    bot_name: saysNothing(bot_name) && t("fault.either"),
    greeting: saysNothing(greeting) && t("fault.either"),
    privacy_note: saysNothing(privacy_note) && t("fault.either"),
    ...Object.fromEntries(
      rating_reasons.map((one, n) => [`rating_reasons.${n}.name`, saysNothing(one.name) && t("fault.either")]),
    ),
    key: !/^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$/.test(key) && t("fault.key"),
  });
  const begin = (of: CompanySite | null) => fieldsOf(of, like);
  const editor = useEditor({
    record: site,
    fieldsOf: begin,
    shows: [
      "key",
      "queue",
      "name.*",
      "bot_name.*",
      "greeting.*",
      "closed_greeting.*",
      "privacy_note.*",
      "brand",
      "questions",
      "origins.*",
      "rating_reasons",
      "rating_reasons.*",
      "offer_after_misses",
      "help_lines.*",
      "asks_about.questions",
    ],
    check,
    save({ queue, questions, origins, asks_about, ...fields }, base) {
      // what it asks already may have been archived since: what did not change is not sent
      const isSame = base !== null && JSON.stringify(asks_about) === JSON.stringify(fieldsOf(base, null).asks_about);
      const asks = isSame ? {} : { asks_about };
      const body = {
        ...fields,
        ...asks,
        queue: queueOf(queue),
        questions: listed(questions),
        origins: listed(origins),
      };
      return base
        ? change.mutateAsync({ id: base.id, change: { ...body, seen: base.updated_at } })
        : create.mutateAsync(body);
    },
    current: ({ id }) => currentSite(id),
    refused: useRules(),
    saved: () => t("saved.now"),
    onFaults(found: Faults) {
      const [first] = Object.keys(found);
      if (first !== undefined && first !== "form") setStep(stepOf(first));
    },
    onClose,
  });
  /** Goes on to the next step, unless this one is incomplete. */
  const next = () => {
    const wrong = Object.entries(check(editor.fields)).filter(([field, fault]) => fault && stepOf(field) === step);
    if (wrong.length > 0) editor.refuse(Object.fromEntries(wrong) as Record<string, string>);
    else setStep(steps[steps.indexOf(step) + 1] ?? step);
  };
  const asked = (yes: boolean) => (yes ? t("site.yes") : t("site.no"));
  const misses = useMisses();
  const lines = (of: typeof editor.fields): Line[] => [
    { label: t("field.key"), value: of.key, named: true },
    {
      label: t("field.queue"),
      value: say(allQueues.find((one) => one.id === queueOf(of.queue))?.name, language),
    },
    ...bilingual(t("field.site_name"), of.name),
    ...bilingual(t("field.bot_name"), of.bot_name),
    ...bilingual(t("field.greeting"), of.greeting),
    ...bilingual(t("field.closed_greeting"), of.closed_greeting),
    ...bilingual(t("field.privacy_note"), of.privacy_note),
    { label: t("field.brand"), value: of.brand ?? "" },
    { label: t("field.side"), value: t(`side.${of.side}`) },
    { label: t("field.questions"), value: listed(of.questions).join(" ") },
    { label: t("field.origins"), value: listed(of.origins).join("\n") },
    { label: t("field.asks_rating"), value: asked(of.asks_rating) },
    {
      label: t("field.rating_reasons"),
      value: of.rating_reasons.map(({ name }) => say(name, language)).join("\n"),
    },
    { label: t("field.message_when_unstaffed"), value: asked(of.message_when_unstaffed) },
    { label: t("field.offer_after_misses"), value: misses(of.offer_after_misses) },
    ...bilingual(t("field.help_lines"), of.help_lines),
    { label: t("asks.on"), value: asked(of.asks_about.on) },
    { label: t("asks.questions"), value: of.asks_about.questions.map(nameOf).join("\n") },
    { label: t("asks.may_skip"), value: asked(of.asks_about.may_skip) },
  ];
  return { editor, lines, queues: allQueues, queueOf, step, setStep, next };
}
