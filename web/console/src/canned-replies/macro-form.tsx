import { Button } from "@yingda/antd";
import type { Macro, MacroAct } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { BilingualField, saysNothing, useBilingualLines } from "../lib/bilingual";
import { Choice } from "../lib/choice";
import { FormDialog } from "../lib/form-dialog";
import { useEditor } from "../lib/use-editor";
import { ActFields } from "./act-fields";
import { currentMacro, useChangeMacro, useCreateMacro } from "../desk/macros";
import { useMacroWords } from "../desk/macro-words";

/** The most acts of a macro. */
const MOST = 6;
/** Nothing can follow these. */
const last = new Set<MacroAct["type"]>(["snooze", "transfer", "resolve"]);
const kinds = ["label", "reply", "note", "snooze", "transfer", "resolve"] as const;

const empty: { [K in MacroAct["type"]]: Extract<MacroAct, { type: K }> } = {
  label: { type: "label", label: "" },
  reply: { type: "reply", text: { zh: "", en: "" } },
  note: { type: "note", text: "" },
  snooze: { type: "snooze", minutes: 60 },
  transfer: { type: "transfer", queue: "" },
  resolve: { type: "resolve" },
};

/** Whether something is missing that the act needs. */
const isIncomplete = (act: MacroAct): boolean =>
  act.type === "label"
    ? act.label === ""
    : act.type === "transfer"
      ? act.queue === ""
      : act.type === "reply"
        ? saysNothing(act.text)
        : act.type === "note"
          ? act.text.trim() === ""
          : act.type === "snooze" && !(act.minutes >= 1 && act.minutes <= 129_600);

/** The name of what an act refers to is filled in by the server. */
const withoutName = (act: MacroAct): MacroAct =>
  act.type === "label"
    ? { type: "label", label: act.label }
    : act.type === "transfer"
      ? { type: "transfer", queue: act.queue }
      : act;

interface Props {
  of: Macro | null;
  mayOwn: boolean;
  mayShare: boolean;
  onClose(): void;
}

/** Adds a macro or edits one: its name, who has it, and what it does, act by act. */
export function MacroForm({ of, mayOwn, mayShare, onClose }: Props) {
  const { t } = useTranslation("canned");
  const create = useCreateMacro();
  const change = useChangeMacro();
  const bilingual = useBilingualLines();
  const { preview } = useMacroWords();
  const editor = useEditor({
    record: of,
    fieldsOf: (one) => ({
      name: one?.name ?? { zh: "", en: "" },
      own: one?.own ?? mayOwn,
      acts: (one?.acts ?? []) as MacroAct[],
    }),
    shows: ["name.*", "acts.*", "acts"],
    check: ({ name, acts }) => ({
      name: saysNothing(name) && t("fault.macro_name"),
      acts: acts.length === 0 && t("fault.acts"),
      ...Object.fromEntries(acts.map((act, n) => [`acts.${n}`, isIncomplete(act) && t("fault.act")])),
    }),
    save({ name, own, acts }, base) {
      const body = { name, acts: acts.map(withoutName) };
      return base
        ? change.mutateAsync({ id: base.id, ...body, seen: base.updated_at })
        : create.mutateAsync({ ...body, own });
    },
    current: ({ id }) => currentMacro(id),
    saved: () => t("macro.saved"),
    onClose,
  });
  const { fields, set, faults } = editor;
  const { acts } = fields;
  const setActs = (next: MacroAct[]) => set({ acts: next }, "acts", ...acts.map((_, n) => `acts.${n}`));
  const ends = acts.some((act) => last.has(act.type));
  /** What ends the work stays last. */
  const add = (type: MacroAct["type"]) =>
    setActs(ends ? [...acts.slice(0, -1), empty[type], ...acts.slice(-1)] : [...acts, empty[type]]);
  return (
    <FormDialog
      editor={editor}
      title={of ? t("macro.edit") : t("macro.new")}
      lines={(one) => [...bilingual(t("macro.name"), one.name, true), { label: t("macro.acts"), value: preview(one) }]}
      width="44rem"
    >
      <BilingualField
        label={t("macro.name")}
        name="name"
        value={fields.name}
        faults={faults}
        max={40}
        onChange={(name) => set({ name })}
      />
      {of === null && mayOwn && mayShare && (
        <Choice
          label={t("macro.scope")}
          value={fields.own ? "own" : "shared"}
          options={(["own", "shared"] as const).map((value) => ({ value, word: t(`macro.${value}`) }))}
          onChange={(scope) => set({ own: scope === "own" })}
        />
      )}
      <fieldset className="settings-form">
        <legend className="t2 s2">{t("macro.acts")}</legend>
        <ol>
          {acts.map((act, n) => (
            <li key={`${n}-${act.type}`} className="settings-form">
              <ActFields
                act={act}
                n={n}
                fault={faults[`acts.${n}`]}
                onChange={(next) => setActs(acts.map((one, at) => (at === n ? next : one)))}
                onRemove={() => setActs(acts.filter((_, at) => at !== n))}
                onUp={
                  n > 0 && !last.has(act.type)
                    ? () => setActs(acts.map((one, at) => (at === n - 1 ? act : at === n ? (acts[n - 1] ?? one) : one)))
                    : null
                }
              />
            </li>
          ))}
        </ol>
        {faults.acts && <p className="field-words field-error">{faults.acts}</p>}
        {acts.length < MOST && (
          <div className="row wrap" role="group" aria-label={t("macro.add")}>
            {kinds
              .filter((type) => !(ends && last.has(type)))
              .map((type) => (
                <Button key={type} size="small" onClick={() => add(type)}>
                  {t(`macro.add.${type}`)}
                </Button>
              ))}
          </div>
        )}
      </fieldset>
      {acts.length > 0 && (
        <p className="s2 t3" dir="auto">
          {t("macro.does", { preview: preview(fields) })}
        </p>
      )}
    </FormDialog>
  );
}
