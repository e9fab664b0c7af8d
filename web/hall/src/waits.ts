/** How long a person takes to answer, in words: the same that the chat says to those who wait already. */
import type { Site } from "@yingda/api/types";
import { spokenTime } from "./format";
import type { I18n } from "./i18n";

type Service = Site["service"];

/** Above this many minutes, the number means nothing. */
const long = 60;

/** What stands beside the way to a person; empty if one answers at once. */
export function waitNote({ open, staffed, free, wait_minutes: n }: Service, { t }: I18n): string {
  if (!open) return t("home.human_closed");
  if (!staffed) return t("home.human_away");
  if (free) return "";
  if (n === null) return t("home.human_queue");
  return n > long ? t("home.human_long") : t("home.human_wait", { n });
}

/** The same as a sentence for easy mode, with what can be done. */
export function serviceState(
  { open, staffed, free, wait_minutes: n, opens_at, promised_by }: Service,
  { t, lang }: I18n,
): string {
  if (!open)
    return opens_at === null ? t("easy.person_later") : t("easy.person_closed", { when: spokenTime(opens_at, lang) });
  if (!staffed)
    return promised_by === null
      ? t("easy.person_away")
      : t("easy.person_away_by", { when: spokenTime(promised_by, lang) });
  if (free) return t("easy.person_now");
  if (n === null) return t("easy.person_queue");
  return n > long ? t("easy.person_long") : t("easy.person_wait", { n });
}
