import { Input } from "@yingda/antd";
import { useQueryClient } from "@tanstack/react-query";
import type { GraphItem } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { useEditor } from "../lib/use-editor";
import { bodyOf, faultOf, fieldsOf, goneFrom, mostEntries, mostRelations } from "./fields";
import { Questions, ReferredBy, Relations } from "./item-parts";
import { graphItem, usePutItem } from "./queries";

/** What is added to one item: other names, and for products and plans also relations and questions; and what refers to it. */
export function ItemForm({ item, onClose }: { item: GraphItem; onClose(): void }) {
  const { t } = useTranslation("curate");
  const { language } = usePrefs();
  const client = useQueryClient();
  const put = usePutItem();
  const name = say(item.name, language);
  const sells = item.kind === "goods" || item.kind === "plan";
  const editor = useEditor({
    record: item,
    fieldsOf: fieldsOf(language),
    shows: ["aliases.zh", "aliases.en", "relations", "faqs"],
    check: ({ zh, en, relations, faqs }) => {
      const [inZh, inEn] = [faultOf(zh), faultOf(en)];
      return {
        "aliases.zh": inZh !== null && t(`graph.fault.${inZh.fault}`, { name: inZh.name }),
        "aliases.en": inEn !== null && t(`graph.fault.${inEn.fault}`, { name: inEn.name }),
        relations: relations.length > mostRelations && t("graph.fault.relations"),
        faqs: faqs.length > mostEntries && t("graph.fault.faqs"),
      };
    },
    save: (fields, base) => put.mutateAsync({ id: item.id, ...bodyOf(fields), seen: base?.updated_at ?? 0 }),
    current: ({ id }) => client.fetchQuery({ ...graphItem(id), staleTime: 0 }),
    saved: () => t("graph.saved", { name }),
    onClose,
  });
  const { base, fields, set, faults } = editor;
  const gone = base ? goneFrom(base) : 0;
  const names = (side: "zh" | "en") => (
    <Field
      label={t(`graph.aliases.${side}`)}
      hint={side === "zh" ? t("graph.aliases.hint") : undefined}
      error={faults[`aliases.${side}`]}
    >
      {({ status, ...ids }) => (
        <Input.TextArea
          {...ids}
          status={status}
          autoFocus={side === "zh"}
          lang={side === "zh" ? "zh-CN" : "en"}
          rows={4}
          value={fields[side]}
          onChange={(event) => set({ [side]: event.target.value }, `aliases.${side}`)}
        />
      )}
    </Field>
  );
  return (
    <FormDialog
      editor={editor}
      title={t("graph.edit", { name })}
      placement="end"
      width="40rem"
      className="graph-form"
      lines={(of) => [
        { label: t("graph.aliases.zh"), value: of.zh, lang: "zh-CN", named: true },
        { label: t("graph.aliases.en"), value: of.en, lang: "en", named: true },
        {
          label: t("graph.relations"),
          value: of.relations.map((one) => `${t(`graph.kind.${one.kind}`)} ${one.title}`).join("\n"),
        },
        { label: t("graph.faqs"), value: of.faqs.map(({ title }) => title).join("\n") },
      ]}
    >
      {item.ambiguous.length > 0 && (
        <p className="notice warn">{t("graph.ambiguous", { names: item.ambiguous.join(" · ") })}</p>
      )}
      {gone > 0 && <p className="notice">{t("graph.gone", { count: gone })}</p>}
      <div className="form-two">
        {names("zh")}
        {names("en")}
      </div>
      {sells && (
        <>
          <Relations editor={editor} item={item} name={name} />
          <Questions editor={editor} />
          <ReferredBy item={item} name={name} />
        </>
      )}
    </FormDialog>
  );
}
