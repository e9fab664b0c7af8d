import { Dialog } from "@yingda/antd";
import type { Bilingual, Member } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { useRefused } from "../lib/mutations";
import { toast } from "../lib/toast";
import { useChangeMember, useRemoveMember } from "./queries";
import { Unattended } from "./unattended";

/** A member whose leaving needs a second question: nobody would then answer these queues. */
export interface Abandoned {
  member: Member;
  queues: readonly Bilingual[];
  act: "disable" | "remove";
}

/** Asks whether to disable or remove a member although nobody would then answer some queues, and does it. */
export function LeavesQueues({ member, queues, act, onClose }: Abandoned & { onClose(): void }) {
  const { t } = useTranslation("settings");
  const change = useChangeMember();
  const remove = useRemoveMember();
  const refuse = useRefused();
  const seen = member.updated_at;
  const leave = async () => {
    try {
      if (act === "remove") await remove.mutateAsync({ id: member.id, seen, confirm: true });
      else await change.mutateAsync({ id: member.id, change: { disabled: true, confirm: true, seen } });
      toast(t(act === "remove" ? "person.removed" : "person.disabled", { name: member.name }));
    } catch (error) {
      refuse(error);
    }
    onClose();
  };
  return (
    <Dialog
      open
      title={t(act === "remove" ? "person.remove.ask" : "person.disable.ask", { name: member.name })}
      closeLabel={t("close")}
      onClose={onClose}
      width="32rem"
    >
      <Unattended
        queues={queues}
        act={t(act === "remove" ? "unattended.remove" : "unattended.disable")}
        busy={change.isPending || remove.isPending}
        onBack={onClose}
        onConfirm={() => void leave()}
      />
    </Dialog>
  );
}
