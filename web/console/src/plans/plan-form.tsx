import { Button, Input } from "@yingda/antd";
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import type { StaffPlan } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { BilingualField, saysNothing, useBilingualLines } from "../lib/bilingual";
import { Choice } from "../lib/choice";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { isProblem } from "../lib/problem";
import { signOf } from "@yingda/api/money";
import { may, useMe } from "../lib/session";
import { useEditor, type Editor } from "../lib/use-editor";
import { audiences, bodyOf, feeFault, fieldsOf, numberFaults, numbers, type Fields } from "./fields";
import { plan as planQuery, useCreatePlan, useUpdatePlan } from "./queries";
import { states } from "./search";

interface FormProps {
  plan: StaffPlan | null;
  onDelete(plan: StaffPlan): void;
  onClose(): void;
}

interface PartProps {
  editor: Editor<StaffPlan, Fields>;
  /** Whether only those who may set prices change it. */
  fixed: boolean;
}

/** For whom the plan is; one that is no longer offered stays until another is chosen. */
function AudienceField({ editor: { fields, set, faults }, fixed }: PartProps) {
  const { t } = useTranslation("plans");
  const offered = audiences.some((one) => one === fields.audience) ? audiences : [fields.audience, ...audiences];
  return (
    <Field label={t("field.audience")} error={faults.audience}>
      {({ status: _, ...ids }) => (
        <select
          {...ids}
          disabled={fixed}
          value={fields.audience}
          onChange={(event) => set({ audience: event.target.value })}
        >
          {offered.map((one) => (
            <option key={one} value={one}>
              {t(`audience.${one}`, { defaultValue: one })}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** The numbers of one group. */
function Numbers({
  group,
  editor: { fields, set, faults },
  fixed,
}: PartProps & { group: "home" | "abroad" | "terms" }) {
  const { t } = useTranslation("plans");
  return (
    <fieldset className="plans-group">
      <legend>{t(`group.${group}`)}</legend>
      {numbers
        .filter((one) => one.group === group)
        .map(({ name }) => (
          <Field key={name} label={t(`field.${name}`)} error={faults[name]}>
            {(ids) => (
              <Input
                {...ids}
                readOnly={fixed}
                inputMode="numeric"
                autoComplete="off"
                maxLength={9}
                value={fields[name]}
                onChange={(event) => set({ [name]: event.target.value })}
              />
            )}
          </Field>
        ))}
    </fieldset>
  );
}

/** Whether customers see it. Only those who may set prices put it on sale. */
function StateField({ editor: { base, fields, set }, fixed }: PartProps) {
  const { t } = useTranslation("plans");
  return (
    <div className="field">
      <span>{t("field.state")}</span>
      <Choice
        label={t("field.state")}
        value={fields.state}
        options={states.map((state) => ({
          value: state,
          word: t(`state.${state}`),
          cannot: state === "live" && base?.state !== "live" && fixed ? t("hint.sell") : undefined,
        }))}
        onChange={(state) => set({ state })}
      />
      <span className="s1 t3">{t(`hint.state.${fields.state}`)}</span>
    </div>
  );
}

/** A plan as it is now; null if it is gone. */
const stored = (client: QueryClient, id: string) =>
  client.fetchQuery({ ...planQuery(id), staleTime: 0 }).catch((error: unknown) => {
    if (isProblem(error, "not_found")) return null;
    throw error;
  });

/** Adds a plan or edits one. If someone else changed it in the meantime, both versions are shown for the user to choose. */
export function PlanForm({ plan, onDelete, onClose }: FormProps) {
  const { t } = useTranslation("plans");
  const { language } = usePrefs();
  const client = useQueryClient();
  const create = useCreatePlan();
  const update = useUpdatePlan();
  const bilingual = useBilingualLines();
  const me = useMe();
  const setsPrices = may(me, "goods.prices");
  const editor = useEditor({
    record: plan,
    fieldsOf,
    shows: ["name.*", "monthly_fee_fen", "audience", "notes.*", ...numbers.map(({ name }) => name)],
    check: (wanted) => {
      const fee = feeFault(wanted, me.currency);
      return {
        name: saysNothing(wanted.name) && t("fault.name"),
        monthly_fee_fen: fee !== null && t(`fault.fee.${fee}`),
        ...Object.fromEntries(numberFaults(wanted).map(({ name, most }) => [name, t("fault.number", { most })])),
      };
    },
    save(wanted, base) {
      const { name, notes, state, ...terms } = bodyOf(wanted, me.currency);
      const body = { name, notes, state, ...(setsPrices ? terms : {}) };
      return base
        ? update.mutateAsync({ id: base.id, ...body, seen: base.updated_at })
        : create.mutateAsync(bodyOf(wanted, me.currency));
    },
    current: ({ id }) => stored(client, id),
    refused: ({ code, field }) =>
      code === "invalid_value" && field === "supplementary_cards.free" ? { field, text: t("fault.free") } : { field },
    saved: (wanted, base) =>
      t(!base && wanted.state === "draft" ? "saved.draft" : "saved", {
        name: say(bodyOf(wanted, me.currency).name, language),
      }),
    onClose,
  });
  const { base, fields, set, faults, busy } = editor;
  const audienceWord = (audience: string) => t(`audience.${audience}`, { defaultValue: audience });
  return (
    <FormDialog
      editor={editor}
      title={base ? t("form.edit", { name: say(base.name, language) }) : t("form.new")}
      placement="end"
      width="42rem"
      className="plans-form"
      lines={(of) => [
        ...bilingual(t("field.name"), of.name, true),
        { label: t("field.fee"), value: of.fee, named: true },
        { label: t("field.state"), value: t(`state.${of.state}`) },
        { label: t("field.audience"), value: audienceWord(of.audience) },
        ...numbers.map(({ name }) => ({ label: t(`field.${name}`), value: of[name] })),
        ...bilingual(t("field.notes"), of.notes),
      ]}
      saveWord={t(fields.state === "draft" ? "save.draft" : "save")}
      acts={
        setsPrices &&
        fields.state !== "live" && (
          <Button loading={busy} onClick={() => editor.save({ state: "live" })}>
            {t("save.publish")}
          </Button>
        )
      }
      onDelete={base ? () => onDelete(base) : undefined}
    >
      <BilingualField
        label={t("field.name")}
        name="name"
        value={fields.name}
        faults={faults}
        max={120}
        hint={t("hint.name")}
        onChange={(name) => set({ name })}
      />
      <div className="form-two">
        <Field
          label={t("field.fee")}
          hint={setsPrices ? undefined : t("hint.fee")}
          error={faults.monthly_fee_fen}
          required
        >
          {(ids) => (
            <Input
              {...ids}
              readOnly={!setsPrices}
              className={setsPrices ? undefined : "form-read"}
              prefix={signOf(me.currency)}
              inputMode="decimal"
              autoComplete="off"
              maxLength={24}
              value={fields.fee}
              onChange={(event) => set({ fee: event.target.value }, "monthly_fee_fen")}
            />
          )}
        </Field>
        <AudienceField editor={editor} fixed={!setsPrices} />
      </div>
      {(["home", "abroad", "terms"] as const).map((group) => (
        <Numbers key={group} group={group} editor={editor} fixed={!setsPrices} />
      ))}
      <BilingualField
        label={t("field.notes")}
        name="notes"
        value={fields.notes}
        faults={faults}
        max={1000}
        long
        hint={t("hint.notes")}
        onChange={(notes) => set({ notes })}
      />
      <StateField editor={editor} fixed={!setsPrices} />
    </FormDialog>
  );
}
