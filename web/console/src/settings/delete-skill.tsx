import { useQuery } from "@tanstack/react-query";
import type { Skill, SkillUses } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { toast } from "../lib/toast";
import { GoesTo } from "./goes-to";
import { skillUses, useDeleteSkill } from "./queries";

/** Who waits for a skill, who has it, and what asks for it, in the order in which that is told. */
const told = [
  "waiting",
  "members",
  "queues",
  "sites",
  "languages",
  "question_kinds",
] as const satisfies readonly (keyof SkillUses)[];

/** Deletes a skill, and asks for which one everything asks instead. */
export function DeleteSkill({ skill, all, onClose }: { skill: Skill; all: readonly Skill[]; onClose(): void }) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const found = useQuery(skillUses(skill.id));
  const remove = useDeleteSkill();
  const uses = found.data;
  const others = all
    .filter(({ id }) => id !== skill.id)
    .map(({ id, name }) => ({ value: id, word: say(name, language) }));
  return (
    <GoesTo
      title={t("delete.ask", { name: say(skill.name, language) })}
      of={found}
      facts={uses ? told.filter((of) => uses[of] > 0).map((of) => t(`skill_uses.${of}`, { count: uses[of] })) : []}
      nothing={t("skill.delete.what")}
      what={uses && uses.members > 0 ? t("skill.delete.members") : undefined}
      label={t("goes.skill")}
      options={[{ value: "", word: t("goes.no_skill") }, ...others]}
      isRequired={false}
      act={t("delete")}
      onClose={onClose}
      go={async (to) => {
        const move = to === "" ? {} : { move_to: to };
        await remove.mutateAsync({ id: skill.id, seen: skill.updated_at, confirm: true, ...move });
        toast(t("deleted"));
        onClose();
      }}
    />
  );
}
