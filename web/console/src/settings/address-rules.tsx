import { Button, Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { AddressRulesView } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { Field } from "../lib/field";
import { FormFault } from "../lib/form-dialog";
import { LoadingCards } from "../lib/loading";
import { useEditor } from "../lib/use-editor";
import { addressRules, useSetAddressRules } from "./queries";

const lists = ["staff_allowed", "staff_denied", "visitors_denied"] as const;
type Fields = Record<(typeof lists)[number], string>;

const fieldsOf = (of: AddressRulesView | null): Fields => ({
  staff_allowed: (of?.rules.staff_allowed ?? []).join("\n"),
  staff_denied: (of?.rules.staff_denied ?? []).join("\n"),
  visitors_denied: (of?.rules.visitors_denied ?? []).join("\n"),
});

const ranges = (text: string): string[] =>
  text
    .split(/[\n,，、;；]/)
    .map((range) => range.trim())
    .filter((range) => range !== "");

/** From which addresses the console is used, and from which visitors are refused. */
export function AddressRules() {
  const { t } = useTranslation("settings");
  const found = useQuery(addressRules);
  return (
    <>
      <Failed of={found} />
      {found.isPending && (
        <LoadingCards cards={1} lines={6} className="form settings-page-form" card="card settings-one" />
      )}
      {found.data && <AddressForm key={t("addresses.title")} value={found.data} />}
    </>
  );
}

function AddressForm({ value }: { value: AddressRulesView }) {
  const { t } = useTranslation("settings");
  const { t: kit } = useTranslation("kit");
  const set = useSetAddressRules();
  const editor = useEditor({
    record: value,
    fieldsOf,
    shows: lists,
    save: (fields) =>
      set.mutateAsync({
        staff_allowed: ranges(fields.staff_allowed),
        staff_denied: ranges(fields.staff_denied),
        visitors_denied: ranges(fields.visitors_denied),
      }),
    refused: ({ code, field }) => {
      const list = lists.find((one) => field?.startsWith(one));
      if (list && code === "invalid_value") return { field: list, text: t("addresses.fault") };
      return code === "locks_you_out" ? { text: t("addresses.locks_out", { address: value.your_address }) } : {};
    },
    saved: () => t("saved.now"),
    stays: (saved) => saved,
  });
  const { fields, faults, busy } = editor;
  return (
    <form ref={editor.form} className="form settings-page-form" onSubmit={editor.submit} noValidate>
      <section className="card settings-one" aria-label={t("addresses.title")}>
        <b>{t("addresses.title")}</b>
        <p className="s2 t3">{t("addresses.what", { address: value.your_address })}</p>
        {lists.map((list) => (
          <Field key={list} label={t(`addresses.${list}`)} hint={t(`addresses.${list}.hint`)} error={faults[list]}>
            {(ids) => (
              <Input.TextArea
                {...ids}
                rows={3}
                dir="ltr"
                spellCheck={false}
                autoComplete="off"
                value={fields[list]}
                onChange={(event) => editor.set({ [list]: event.target.value }, list)}
              />
            )}
          </Field>
        ))}
        <FormFault faults={faults} />
        <div className="row settings-acts">
          <Button type="primary" htmlType="submit" loading={busy}>
            {kit("save")}
          </Button>
        </div>
      </section>
    </form>
  );
}
