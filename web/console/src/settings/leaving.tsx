import { useQuery } from "@tanstack/react-query";
import type { Member } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { queues } from "../lib/directory";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { toast } from "../lib/toast";
import { GoesTo } from "./goes-to";
import { memberWork, useChangeMember, useRemoveMember } from "./queries";

/** How the server is told that each conversation returns to its own queue. */
const ownQueues = "own_queues";
/** What a member leaves behind, in the order in which it is told. */
const told = ["active", "on_hold", "snoozed", "left_messages"] as const;

/** A member who is disabled or removed, and has conversations. */
export interface Leaver {
  member: Member;
  act: "disable" | "remove";
}

/** Disables or removes a member, and asks where their conversations go. */
export function Leaving({ member, act, onClose }: Leaver & { onClose(): void }) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const found = useQuery(memberWork(member.id));
  const allQueues = useQuery(queues).data?.items ?? [];
  const change = useChangeMember();
  const remove = useRemoveMember();
  const work = found.data;
  const isRequired = work !== undefined && work.active + work.on_hold + work.snoozed > 0;
  const isRemoved = act === "remove";
  // Whoever is only disabled takes care of left messages when they come back.
  const facts = work ? told.filter((of) => work[of] > 0 && (isRemoved || of !== "left_messages")) : [];
  const alone = work?.alone_in.map((name) => say(name, language)).join(language === "en" ? ", " : "、") ?? "";
  const go = async (to: string) => {
    const how = {
      seen: member.updated_at,
      ...(isRequired ? { move_to: to } : {}),
      ...(alone === "" ? {} : { confirm: true }),
    };
    if (isRemoved) await remove.mutateAsync({ id: member.id, ...how });
    else await change.mutateAsync({ id: member.id, change: { disabled: true, ...how } });
    toast(t(isRemoved ? "person.removed" : "person.disabled", { name: member.name }));
    onClose();
  };
  return (
    <GoesTo
      title={t(isRemoved ? "person.remove.ask" : "person.disable.ask", { name: member.name })}
      of={found}
      facts={facts.map((of) => t(`work.${of}`, { count: work?.[of] ?? 0 }))}
      nothing={t("work.nothing")}
      what={t(isRemoved ? "work.removed" : "work.disabled")}
      label={t("goes.work")}
      options={
        isRequired
          ? [
              { value: ownQueues, word: t("goes.own_queues") },
              ...allQueues.map(({ id, name, service }) => ({
                value: id,
                word: service.open ? say(name, language) : t("goes.closed", { name: say(name, language) }),
              })),
            ]
          : []
      }
      first={ownQueues}
      isRequired={isRequired}
      notice={
        alone !== "" && (
          <p className="notice hot" role="alert">
            {t("unattended", { names: alone })}
          </p>
        )
      }
      act={t(isRemoved ? "person.remove" : "person.disable")}
      onClose={onClose}
      go={go}
    />
  );
}
