import { useQuery } from "@tanstack/react-query";
import { Button } from "@yingda/antd";
import type { Skill, SkillNeed } from "@yingda/api/types";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { BilingualField, saysNothing, useBilingualLines } from "../lib/bilingual";
import { colleagues, queues } from "../lib/directory";
import { FormDialog } from "../lib/form-dialog";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { may, useMe } from "../lib/session";
import { useEditor } from "../lib/use-editor";
import { useKindNames } from "./question-kinds";
import { currentSkill, sites, useChangeSkill, useCreateSkill } from "./queries";

/** Levels by what has or asks for the skill: the id of a member, a queue or a site, or a language. */
type Levels = Readonly<Record<string, number>>;

const levels = [1, 2, 3, 4, 5] as const;
/** The level of whoever is added. */
const usualLevel = 3;
const languages = ["zh-CN", "en"] as const;

const keyOf = (need: SkillNeed): string => need.queue ?? need.site ?? need.question ?? need.language ?? "";

/** One line: what has or asks for the skill, at which level, and a way to take it out. */
function Line({
  name,
  level,
  onLevel,
  onRemove,
}: {
  name: string;
  level: number;
  onLevel(level: number): void;
  onRemove(): void;
}) {
  const { t } = useTranslation("settings");
  return (
    <li className="row wrap">
      <bdi className="grow">{name}</bdi>
      <select
        aria-label={t("skill.level_of", { name })}
        value={level}
        onChange={(event) => onLevel(Number(event.target.value))}
      >
        {levels.map((one) => (
          <option key={one} value={one}>
            {t("skill.level", { level: one })}
          </option>
        ))}
      </select>
      <Button size="small" aria-label={t("skill.remove", { name })} onClick={onRemove}>
        {t("skill.take_out")}
      </Button>
    </li>
  );
}

interface ListProps {
  title: string;
  add: string;
  none: string;
  error: string | undefined;
  names: ReadonlyMap<string, string>;
  /** those that stay where they are, and are not added */
  over?: ReadonlySet<string>;
  value: Levels;
  onChange(value: Levels): void;
}

/** Levels that are chosen one by one: a list of what was chosen, and one field that adds to it. */
function LevelList({ title, add, none, error, names, over, value, onChange }: ListProps) {
  const { t } = useTranslation("settings");
  const id = useId();
  const chosen = Object.keys(value);
  const without = (key: string) => Object.fromEntries(Object.entries(value).filter(([other]) => other !== key));
  const left = [...names].filter(([key]) => !(key in value) && !over?.has(key));
  return (
    <fieldset className="settings-form" aria-describedby={error ? id : undefined}>
      <legend className="t2 s2">{title}</legend>
      {chosen.length === 0 && <p className="s2 t3">{none}</p>}
      <ul>
        {chosen.map((key) => (
          <Line
            key={key}
            name={names.get(key) ?? t("skill.unnamed")}
            level={value[key] ?? usualLevel}
            onLevel={(level) => onChange({ ...value, [key]: level })}
            onRemove={() => onChange(without(key))}
          />
        ))}
      </ul>
      {left.length > 0 && (
        <select
          aria-label={add}
          value=""
          onChange={(event) => event.target.value !== "" && onChange({ ...value, [event.target.value]: usualLevel })}
        >
          <option value="">{add}</option>
          {left.map(([key, name]) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      )}
      {error && (
        <p id={id} className="field-words field-error">
          {error}
        </p>
      )}
    </fieldset>
  );
}

/** Adds a skill or edits one: its name, who has it, and what asks for it. */
export function SkillForm({ skill, onClose }: { skill: Skill | null; onClose(): void }) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const me = useMe();
  const create = useCreateSkill();
  const change = useChangeSkill();
  const bilingual = useBilingualLines();
  const staff = useQuery(colleagues).data?.agents ?? [];
  const lines = useQuery(queues).data?.items ?? [];
  const places = useQuery({ ...sites, enabled: may(me, "settings") }).data?.items ?? [];
  const { all: kinds, called } = useKindNames();
  const people = new Map(staff.map((one) => [one.id, `${one.name} ${one.number}`]));
  const askers = new Map<string, string>([
    ...lines.map((queue) => [queue.id, t("skill.by_queue", { name: say(queue.name, language) })] as const),
    ...kinds.map((kind) => [kind.id, t("skill.by_question", { name: called(kind) })] as const),
    ...places.map((site) => [site.id, t("skill.by_site", { name: say(site.name, language) })] as const),
    ...languages.map((one) => [one, t(`skill.by_language.${one}`)] as const),
  ]);
  const needOf = (key: string, level: number): SkillNeed =>
    key.startsWith("que_")
      ? { queue: key, level }
      : key.startsWith("sit_")
        ? { site: key, level }
        : key.startsWith("qkd_")
          ? { question: key, level }
          : { language: key === "en" ? "en" : "zh-CN", level };
  const editor = useEditor({
    record: skill,
    fieldsOf: (of) => ({
      name: of?.name ?? { zh: "", en: "" },
      members: Object.fromEntries(of?.members.map(({ agent, level }) => [agent, level]) ?? []) as Levels,
      needs: Object.fromEntries(of?.needs.map((need) => [keyOf(need), need.level]) ?? []) as Levels,
    }),
    shows: ["name.*", "members", "needs"],
    check: ({ name }) => ({ name: saysNothing(name) && t("fault.either") }),
    save(fields, base) {
      const body = {
        name: fields.name,
        members: Object.entries(fields.members).map(([agent, level]) => ({ agent, level })),
        needs: Object.entries(fields.needs).map(([key, level]) => needOf(key, level)),
      };
      return base ? change.mutateAsync({ id: base.id, ...body, seen: base.updated_at }) : create.mutateAsync(body);
    },
    current: ({ id }) => currentSkill(id),
    saved: () => t("saved"),
    onClose,
  });
  const { fields, set, faults } = editor;
  const inWords = (value: Levels, names: ReadonlyMap<string, string>) =>
    Object.entries(value)
      .map(([key, level]) => t("skill.has", { name: names.get(key) ?? t("skill.unnamed"), level }))
      .join(language === "en" ? ", " : "、");
  return (
    <FormDialog
      editor={editor}
      title={skill ? t("skill.edit") : t("skill.new")}
      lines={(of) => [
        ...bilingual(t("field.skill_name"), of.name, true),
        { label: t("skill.members"), value: inWords(of.members, people) },
        { label: t("skill.needs"), value: inWords(of.needs, askers) },
      ]}
      width="38rem"
    >
      <BilingualField
        label={t("field.skill_name")}
        name="name"
        value={fields.name}
        faults={faults}
        max={40}
        onChange={(name) => set({ name })}
      />
      <LevelList
        title={t("skill.members")}
        add={t("skill.add_member")}
        none={t("skill.nobody")}
        error={faults.members}
        names={people}
        value={fields.members}
        onChange={(members) => set({ members })}
      />
      <LevelList
        title={t("skill.needs")}
        add={t("skill.add_need")}
        none={t("skill.not_needed")}
        error={faults.needs}
        names={askers}
        over={new Set(kinds.filter((one) => one.archived_at !== null).map(({ id }) => id))}
        value={fields.needs}
        onChange={(needs) => set({ needs })}
      />
      <p className="s2 t3">{t("skill.relaxes")}</p>
    </FormDialog>
  );
}
