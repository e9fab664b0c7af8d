import { useQuery } from "@tanstack/react-query";
import type { CompanySite } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { saysNothing, useBilingualLines } from "../lib/bilingual";
import type { Line } from "../lib/conflict";
import { queues } from "../lib/directory";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { useEditor, type Editor } from "../lib/use-editor";
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
/** What was entered, one by one. */
export const listed = (text: string) => text.split(/[\s,，、;；]+/).filter((one) => one !== "");

export type SiteEditor = Editor<CompanySite, ReturnType<typeof fieldsOf>>;

/** When the bot offers a person, in words. */
export function useMisses(): (n: number) => string {
  const { t } = useTranslation("settings");
  return (n) => (n === 0 ? t("misses.never") : t("misses.after", { count: n }));
}

/** A site that is added or edited, and how its versions are told apart. */
export function useSiteEditor(site: CompanySite | null, onClose: () => void) {
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
  return { editor, lines, queues: allQueues, queueOf };
}
