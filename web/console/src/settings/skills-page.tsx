import { useQuery } from "@tanstack/react-query";
import type { Skill } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { colleagues } from "../lib/directory";
import { say } from "../lib/i18n";
import { ListPage } from "../lib/list-page";
import { LoadingCards } from "../lib/loading";
import { usePrefs } from "../lib/prefs";
import { RowActs, type Act } from "../lib/row-acts";
import { DeleteSkill } from "./delete-skill";
import { skills } from "./queries";
import { SkillForm } from "./skill-form";
import "./settings.css";

/** Skills: who has them, how well, and what asks for them. */
export function SkillsPage() {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const found = useQuery(skills);
  const staff = new Map(useQuery(colleagues).data?.agents.map((one) => [one.id, one.name]));
  const [editing, setEditing] = useState<Skill | "new" | null>(null);
  const [deleting, setDeleting] = useState<Skill | null>(null);
  const all = found.data?.items ?? [];
  const who = ({ members }: Skill) =>
    members
      .map(({ agent, level }) => t("skill.has", { name: staff.get(agent) ?? t("skill.somebody"), level }))
      .join(language === "en" ? ", " : "、");
  const actsOf = (skill: Skill, name: string): Act[] => [
    { word: t("edit"), label: t("edit.one", { name }), run: () => setEditing(skill) },
    {
      word: t("delete"),
      label: t("delete.one", { name }),
      run: () => setDeleting(skill),
    },
  ];
  return (
    <>
      <ListPage
        title={t("side.skills")}
        add={{ word: t("skill.new"), run: () => setEditing("new") }}
        of={found}
        rows={all}
        loading={<LoadingCards cards={2} lines={2} className="settings-cards" card="card settings-one" />}
        empty={
          <>
            <p>{t("skills.none")}</p>
            <p>{t("skills.what")}</p>
          </>
        }
      >
        <ul className="settings-cards" aria-label={t("side.skills")}>
          {all.map((skill) => {
            const name = say(skill.name, language);
            return (
              <li key={skill.id} className="card settings-one" aria-label={name}>
                <div className="row">
                  <div className="row wrap grow">
                    <b dir="auto">{name}</b>
                    {skill.is_short && <span className="tag warn">{t("skill.short")}</span>}
                    {skill.needs.length > 0 && (
                      <span className="tag">{t("skill.needed", { count: skill.needs.length })}</span>
                    )}
                  </div>
                  <RowActs name={name} acts={actsOf(skill, name)} />
                </div>
                <p className="s2 t3">{skill.members.length === 0 ? t("skill.nobody") : who(skill)}</p>
              </li>
            );
          })}
        </ul>
      </ListPage>
      {editing !== null && (
        <SkillForm
          key={editing === "new" ? "new" : editing.id}
          skill={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
      {deleting !== null && (
        <DeleteSkill key={deleting.id} skill={deleting} all={all} onClose={() => setDeleting(null)} />
      )}
    </>
  );
}
