import { Button } from "@yingda/antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { pressed } from "@yingda/api/keys";
import type { StaffGoods } from "@yingda/api/types";
import { useId, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { FormDialog } from "../lib/form-dialog";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { isProblem } from "../lib/problem";
import { may, useMe } from "../lib/session";
import { useEditor } from "../lib/use-editor";
import { useActs } from "./acts";
import { Basics } from "./basics";
import { bodyOf, emptyFields, faultsOf, fieldNames, fieldOf, fieldsOf, useLines } from "./fields";
import { PriceHistory } from "./price-history";
import { Properties } from "./properties";
import { categories, product, useCreateGoods, useUpdateGoods } from "./queries";

type Tab = "basics" | "properties" | "prices";

/** The tab that contains a field. */
const tabOf = (field: string): Tab => (field === "attributes" ? "properties" : "basics");

function Tabs({
  tabs,
  tab,
  onTab,
  idOf,
}: {
  tabs: readonly Tab[];
  tab: Tab;
  onTab(tab: Tab): void;
  idOf(tab: Tab): string;
}) {
  const { t } = useTranslation("goods");
  const onKey = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[pressed(event)];
    const next = step && tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    onTab(next);
    document.getElementById(`${idOf(next)}-tab`)?.focus();
  };
  return (
    <div className="seg goods-tabs" role="tablist" aria-label={t("form.parts")} onKeyDown={onKey}>
      {tabs.map((one) => (
        <button
          key={one}
          type="button"
          role="tab"
          id={`${idOf(one)}-tab`}
          aria-controls={idOf(one)}
          aria-selected={one === tab}
          tabIndex={one === tab ? 0 : -1}
          onClick={() => onTab(one)}
        >
          {t(`tab.${one}`)}
        </button>
      ))}
    </div>
  );
}

interface FormProps {
  goods: StaffGoods | null;
  onClose(): void;
  onCategories(): void;
}

/** Adds a product or edits one. If someone else changed it in the meantime, both versions are shown for the user to choose. */
export function GoodsForm({ goods, onClose, onCategories }: FormProps) {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  const client = useQueryClient();
  const shelf = useQuery(categories);
  const create = useCreateGoods();
  const update = useUpdateGoods();
  const acts = useActs();
  const lines = useLines(shelf.data);
  const ids = useId();
  const me = useMe();
  const { currency } = me;
  const setsPrices = may(me, "goods.prices");
  const [tab, setTab] = useState<Tab>("basics");
  const editor = useEditor({
    record: goods,
    fieldsOf: (of) => (of ? fieldsOf(of) : emptyFields),
    shows: fieldNames,
    check: (wanted) =>
      Object.fromEntries(
        Object.entries(faultsOf(wanted, currency)).map(([field, fault]) => [field, t(`fault.${fault}`)]),
      ),
    save(wanted, base) {
      const body = bodyOf(wanted, currency);
      const { price_fen: _, ...others } = body;
      const reason = wanted.reason.trim();
      return base
        ? update.mutateAsync({
            id: base.id,
            change: { ...(setsPrices ? body : others), seen: base.updated_at, ...(reason === "" ? {} : { reason }) },
          })
        : create.mutateAsync(body);
    },
    current: ({ id }) => client.fetchQuery({ ...product(id), staleTime: 0 }),
    refused(problem) {
      const field = fieldOf(problem);
      return { field, text: isProblem(problem, "invalid_value") && field ? t(`rule.${field}`) : undefined };
    },
    saved: (wanted, base) =>
      t(!base && wanted.state === "draft" ? "saved.draft" : "saved", {
        name: say(bodyOf(wanted, currency).name, language),
      }),
    onFaults(found) {
      const [first] = Object.keys(found);
      if (first !== undefined) setTab(tabOf(first));
    },
    onClose,
  });
  const { base, fields, set, faults, busy } = editor;
  const tabs: readonly Tab[] = base ? ["basics", "properties", "prices"] : ["basics", "properties"];

  return (
    <FormDialog
      editor={editor}
      title={base ? t("form.edit", { name: say(base.name, language) }) : t("form.new")}
      lines={lines}
      placement="end"
      width="44rem"
      className="goods-form"
      saveWord={t(fields.state === "draft" ? "save.draft" : "save")}
      acts={
        setsPrices &&
        fields.state !== "live" && (
          <Button loading={busy} onClick={() => editor.save({ state: "live" })}>
            {t("save.publish")}
          </Button>
        )
      }
      onDelete={base ? () => void acts.remove([base]).then(onClose) : undefined}
    >
      {base && goods && goods.updated_at > base.updated_at && (
        <p className="notice warn" role="status">
          {t("form.changed_meanwhile")}
        </p>
      )}
      <Tabs tabs={tabs} tab={tab} onTab={setTab} idOf={(one) => `${ids}-${one}`} />
      <div role="tabpanel" id={`${ids}-basics`} aria-labelledby={`${ids}-basics-tab`} hidden={tab !== "basics"}>
        <Basics editor={editor} shelf={shelf.data} onCategories={onCategories} />
      </div>
      <div
        role="tabpanel"
        id={`${ids}-properties`}
        aria-labelledby={`${ids}-properties-tab`}
        hidden={tab !== "properties"}
      >
        <Properties
          lines={fields.attributes}
          error={faults.attributes}
          onChange={(attributes) => set({ attributes })}
        />
      </div>
      {base && (
        <div
          role="tabpanel"
          id={`${ids}-prices`}
          aria-labelledby={`${ids}-prices-tab`}
          hidden={tab !== "prices"}
          tabIndex={0}
        >
          {tab === "prices" && <PriceHistory id={base.id} />}
        </div>
      )}
    </FormDialog>
  );
}
