import { useQuery } from "@tanstack/react-query";
import type { Queue, QueueUses } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { toast } from "../lib/toast";
import { GoesTo } from "./goes-to";
import { queueUses, useDeleteQueue } from "./queries";

/** What belongs to a queue or leads to it, in the order in which it is told. */
const told = [
  "waiting",
  "active",
  "on_hold",
  "snoozed",
  "with_bot",
  "left_messages",
  "sites",
  "question_kinds",
  "overflow_from",
  "macros",
  "skills",
] as const satisfies readonly (keyof QueueUses)[];

/** Deletes a queue, and asks where its conversations go and all that leads to it. */
export function DeleteQueue({ queue, all, onClose }: { queue: Queue; all: readonly Queue[]; onClose(): void }) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const found = useQuery(queueUses(queue.id));
  const remove = useDeleteQueue();
  const uses = found.data;
  const isRequired = uses !== undefined && uses.in_the_way > 0;
  const others = all
    .filter(({ id }) => id !== queue.id)
    .map(({ id, name, service }) => ({
      value: id,
      word: service.open ? say(name, language) : t("goes.closed", { name: say(name, language) }),
    }));
  const hasPeople = uses !== undefined && uses.active + uses.on_hold + uses.snoozed > 0;
  return (
    <GoesTo
      title={t("delete.ask", { name: say(queue.name, language) })}
      of={found}
      facts={uses ? told.filter((of) => uses[of] > 0).map((of) => t(`uses.${of}`, { count: uses[of] })) : []}
      nothing={t("uses.nothing")}
      what={hasPeople ? t("uses.stay") : undefined}
      label={t("goes.queue")}
      options={isRequired ? others : [{ value: "", word: t("goes.nowhere") }, ...others]}
      isRequired={isRequired}
      nowhere={t("goes.only")}
      act={t("delete")}
      onClose={onClose}
      go={async (to) => {
        await remove.mutateAsync({ id: queue.id, ...(to === "" ? {} : { move_to: to }) });
        toast(t("deleted"));
        onClose();
      }}
    />
  );
}
