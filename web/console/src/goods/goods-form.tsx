import { Button, Dialog } from "@yingda/antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { StaffGoods } from "@yingda/api/types";
import { useId, useRef, useState, type FormEvent, type KeyboardEvent } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { Conflict, metBy, type Other } from "../lib/conflict";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { isProblem, useProblemText } from "../lib/problem";
import { toast } from "../lib/toast";
import { useActs } from "./acts";
import { Basics } from "./basics";
import { useLines } from "./lines";
import {
  bodyOf,
  emptyFields,
  faultsOf,
  fieldNamed,
  fieldsOf,
  type Errors,
  type FieldName,
  type Fields,
} from "./fields";
import { PriceHistory } from "./price-history";
import { Properties } from "./properties";
import { categories, product, useCreateGoods, useUpdateGoods } from "./queries";

type Tab = "basics" | "properties" | "prices";

/** The tab that contains a field. */
const tabOf = (field: FieldName | "form"): Tab => (field === "attributes" ? "properties" : "basics");

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
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
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
  const text = useProblemText();
  const client = useQueryClient();
  const shelf = useQuery(categories);
  const create = useCreateGoods();
  const update = useUpdateGoods();
  const acts = useActs();
  const lines = useLines(shelf.data);
  const ids = useId();
  const form = useRef<HTMLFormElement>(null);
  const [base, setBase] = useState(goods);
  const [fields, setFields] = useState<Fields>(() => (goods ? fieldsOf(goods) : emptyFields));
  const [errors, setErrors] = useState<Errors>({});
  const [other, setOther] = useState<Other<StaffGoods> | null>(null);
  const [tab, setTab] = useState<Tab>("basics");
  const [leaving, setLeaving] = useState(false);
  const busy = create.isPending || update.isPending;
  const tabs: readonly Tab[] = base ? ["basics", "properties", "prices"] : ["basics", "properties"];

  const written = JSON.stringify(fields) !== JSON.stringify(base ? fieldsOf(base) : emptyFields);
  /** Warns before unsaved changes are lost. */
  const leave = () => {
    if (written && !leaving) setLeaving(true);
    else onClose();
  };

  const set = (change: Partial<Fields>, field: FieldName) => {
    setFields((before) => ({ ...before, ...change }));
    setErrors(({ [field]: _, form: __, ...rest }) => rest);
    setLeaving(false);
  };
  const refuse = (found: Errors) => {
    const first = Object.keys(found)[0] as FieldName | "form" | undefined;
    flushSync(() => {
      setErrors(found);
      if (first) setTab(tabOf(first));
    });
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  };

  const save = async (version: StaffGoods | null, also: Partial<Fields> = {}) => {
    const wanted = { ...fields, ...also };
    const faults = faultsOf(wanted);
    if (Object.keys(faults).length > 0) {
      refuse(Object.fromEntries(Object.entries(faults).map(([field, fault]) => [field, t(`fault.${fault}`)])));
      return;
    }
    const body = bodyOf(wanted);
    try {
      if (version) {
        const reason = wanted.reason.trim();
        await update.mutateAsync({
          id: version.id,
          change: { ...body, seen: version.updated_at, ...(reason === "" ? {} : { reason }) },
        });
      } else await create.mutateAsync(body);
      toast(t(!version && body.state === "draft" ? "saved.draft" : "saved", { name: say(body.name, language) }));
      onClose();
    } catch (error) {
      try {
        const met = version && (await metBy(error, () => client.fetchQuery({ ...product(version.id), staleTime: 0 })));
        if (met) {
          setOther(met);
          return;
        }
      } catch (reason) {
        refuse({ form: text(reason) });
        return;
      }
      const field = isProblem(error, "category_unknown")
        ? "category"
        : isProblem(error, "picture_unknown")
          ? "picture"
          : isProblem(error)
            ? fieldNamed(error.field)
            : null;
      refuse({ [field ?? "form"]: isProblem(error, "invalid_value") && field ? t(`rule.${field}`) : text(error) });
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) void save(base);
  };
  const takeTheirs = () => {
    if (other === "deleted" || other === null) {
      onClose();
      return;
    }
    setBase(other);
    setFields(fieldsOf(other));
    setOther(null);
    setErrors({});
  };
  const takeMine = () => {
    const version = other === "deleted" ? null : other;
    setOther(null);
    setBase(version);
    void save(version);
  };

  const footer =
    other !== null ? null : leaving ? (
      <>
        <span className="grow b" role="alert">
          {t("leave.ask")}
        </span>
        <Button autoFocus onClick={() => setLeaving(false)}>
          {t("leave.keep")}
        </Button>
        <Button danger type="primary" onClick={onClose}>
          {t("leave.discard")}
        </Button>
      </>
    ) : (
      <>
        {base && (
          <Button
            danger
            type="text"
            className="goods-drawer-delete"
            onClick={() => void acts.remove([base]).then(onClose)}
          >
            {t("delete")}
          </Button>
        )}
        <Button onClick={leave}>{t("cancel")}</Button>
        {fields.state !== "live" && (
          <Button loading={busy} onClick={() => void save(base, { state: "live" })}>
            {t("save.publish")}
          </Button>
        )}
        <Button type="primary" loading={busy} onClick={() => void save(base)}>
          {t(fields.state === "draft" ? "save.draft" : "save")}
        </Button>
      </>
    );
  return (
    <Dialog
      open
      placement="end"
      width="44rem"
      title={base ? t("form.edit", { name: say(base.name, language) }) : t("form.new")}
      closeLabel={t("close")}
      onClose={leave}
      footer={footer}
    >
      {other !== null ? (
        <Conflict
          mine={lines(fields)}
          theirs={other === "deleted" ? null : lines(fieldsOf(other))}
          onMine={takeMine}
          onTheirs={takeTheirs}
        />
      ) : (
        <form ref={form} className="goods-form" onSubmit={submit} noValidate>
          {base && goods && goods.updated_at > base.updated_at && (
            <p className="notice warn" role="status">
              {t("form.changed_meanwhile")}
            </p>
          )}
          <Tabs tabs={tabs} tab={tab} onTab={setTab} idOf={(one) => `${ids}-${one}`} />
          {errors.form && (
            <p className="notice hot" role="alert">
              {errors.form}
            </p>
          )}
          <div role="tabpanel" id={`${ids}-basics`} aria-labelledby={`${ids}-basics-tab`} hidden={tab !== "basics"}>
            <Basics
              fields={fields}
              base={base}
              errors={errors}
              shelf={shelf.data}
              onSet={set}
              onCategories={onCategories}
              onRefused={refuse}
            />
          </div>
          <div
            role="tabpanel"
            id={`${ids}-properties`}
            aria-labelledby={`${ids}-properties-tab`}
            hidden={tab !== "properties"}
          >
            <Properties
              lines={fields.attributes}
              error={errors.attributes}
              onChange={(attributes) => set({ attributes }, "attributes")}
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
          <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
        </form>
      )}
    </Dialog>
  );
}
