import { Button, Dialog, Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { StaffCategory } from "@yingda/api/types";
import { useId, useRef, useState, type ComponentRef, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { count } from "../lib/format";
import { Icon } from "../lib/icon";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { isProblem, useProblemText } from "../lib/problem";
import { categories, useCreateCategory, useDeleteCategory, useUpdateCategory } from "./queries";

type Name = { zh: string; en: string };
const empty: Name = { zh: "", en: "" };

interface NamesProps {
  name: Name;
  busy: boolean;
  act: string;
  autoFocus?: boolean;
  /** Rejects if it was refused. */
  onSave(name: Name): Promise<unknown>;
  onCancel?: () => void;
}

/** The name of a category in both languages. What was typed stays until it is saved. */
function Names({ name, busy, act, autoFocus = false, onSave, onCancel }: NamesProps) {
  const { t } = useTranslation("goods");
  const words = useId();
  const first = useRef<ComponentRef<typeof Input>>(null);
  const [typed, setTyped] = useState(name);
  const [missing, setMissing] = useState(false);
  const set = (change: Partial<Name>) => {
    setTyped({ ...typed, ...change });
    setMissing(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (typed.zh.trim() === "" && typed.en.trim() === "") {
      setMissing(true);
      first.current?.focus();
      return;
    }
    // Why it was refused is said above the list.
    onSave(typed).then(
      () => setTyped(name),
      () => undefined,
    );
  };
  const ids = {
    status: missing ? "error" : "",
    "aria-invalid": missing || undefined,
    "aria-describedby": missing ? words : undefined,
    maxLength: 40,
  } as const;
  return (
    <form className="goods-category-form" onSubmit={submit} noValidate>
      <Input
        {...ids}
        ref={first}
        lang="zh-CN"
        autoFocus={autoFocus}
        aria-label={t("category.zh")}
        placeholder={t("category.zh")}
        value={typed.zh}
        onChange={(event) => set({ zh: event.target.value })}
      />
      <Input
        {...ids}
        lang="en"
        aria-label={t("category.en")}
        placeholder={t("category.en")}
        value={typed.en}
        onChange={(event) => set({ en: event.target.value })}
      />
      <Button htmlType="submit" type={onCancel ? "primary" : "default"} loading={busy}>
        {act}
      </Button>
      {onCancel && (
        <Button type="text" onClick={onCancel}>
          {t("cancel")}
        </Button>
      )}
      {missing && (
        <span id={words} className="field-error goods-category-error" role="alert">
          {t("fault.name_missing")}
        </span>
      )}
    </form>
  );
}

interface CategoryRowProps {
  category: StaffCategory;
  isFirst: boolean;
  isLast: boolean;
  busy: boolean;
  onUp(): void;
  onDown(): void;
  onRename(): void;
  onDelete(): void;
}

function CategoryRow({ category, isFirst, isLast, busy, onUp, onDown, onRename, onDelete }: CategoryRowProps) {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  const name = say(category.name, language);
  return (
    <>
      <span className="grow el">
        <b>
          <bdi>{name}</bdi>
        </b>
        {category.name.en !== "" && category.name.zh !== "" && (
          <span className="t3 s2" lang={language === "en" ? "zh-CN" : "en"} dir="auto">
            {" "}
            {language === "en" ? category.name.zh : category.name.en}
          </span>
        )}
      </span>
      <span className="t3 s2 n nowrap">
        {t("category.goods", { count: category.goods, n: count(category.goods, language) })}
      </span>
      <button
        type="button"
        className="ib s"
        disabled={isFirst || busy}
        aria-label={t("category.up", { name })}
        title={t("up")}
        onClick={onUp}
      >
        <Icon name="down" className="goods-up" />
      </button>
      <button
        type="button"
        className="ib s"
        disabled={isLast || busy}
        aria-label={t("category.down", { name })}
        title={t("down")}
        onClick={onDown}
      >
        <Icon name="down" />
      </button>
      <button
        type="button"
        className="ib s"
        aria-label={t("category.rename", { name })}
        title={t("rename")}
        onClick={onRename}
      >
        <Icon name="edit" />
      </button>
      <button
        type="button"
        className="ib s"
        aria-label={t("category.delete", { name })}
        title={t("delete")}
        onClick={onDelete}
      >
        <Icon name="trash" />
      </button>
    </>
  );
}

/** The categories of the hall, to add, rename and move; one that has goods cannot be deleted. */
export function CategoriesDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  const text = useProblemText();
  const found = useQuery(categories);
  const create = useCreateCategory();
  const update = useUpdateCategory();
  const remove = useDeleteCategory();
  const [editing, setEditing] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const items = found.data?.items ?? [];
  const seen = found.data?.updated_at ?? 0;

  const refuse = (category: StaffCategory | null) => (reason: unknown) => {
    void found.refetch();
    if (category && isProblem(reason, "category_in_use"))
      setError(t("category.in_use", { name: say(category.name, language), count: Math.max(1, category.goods) }));
    else setError(isProblem(reason, "conflict") ? t("category.conflict") : text(reason));
  };
  const change = (category: StaffCategory, wanted: { name?: Name; position?: number }) => {
    setError(null);
    return update.mutateAsync(
      { id: category.id, seen, ...wanted },
      { onSuccess: () => setEditing(null), onError: refuse(category) },
    );
  };
  const move = (category: StaffCategory, position: number) => {
    change(category, { position }).catch(() => undefined);
  };
  const drop = (category: StaffCategory) => {
    setError(null);
    // The server decides; the list may lack what a colleague has just added.
    if (category.goods > 0) {
      setError(t("category.in_use", { name: say(category.name, language), count: category.goods }));
      return;
    }
    remove.mutate(category.id, { onError: refuse(category) });
  };
  return (
    <Dialog open title={t("categories")} closeLabel={t("close")} onClose={onClose} width="40rem">
      <div className="goods-categories">
        {error && (
          <p className="notice hot" role="alert">
            {error}
          </p>
        )}
        <Failed of={found} />
        {found.isPending && (
          <div className="goods-loading" role="status" aria-label={t("loading")}>
            <span className="skeleton" />
            <span className="skeleton" />
          </div>
        )}
        {found.isSuccess && items.length === 0 && <p className="empty">{t("category.empty")}</p>}
        <ol className="goods-category-list">
          {items.map((one, at) => (
            <li key={one.id}>
              {editing === one.id ? (
                <Names
                  name={{ zh: one.name.zh, en: one.name.en }}
                  busy={update.isPending}
                  act={t("save")}
                  autoFocus
                  onSave={(wanted) => change(one, { name: wanted })}
                  onCancel={() => setEditing(null)}
                />
              ) : (
                <CategoryRow
                  category={one}
                  isFirst={at === 0}
                  isLast={at === items.length - 1}
                  busy={update.isPending}
                  onUp={() => move(one, at - 1)}
                  onDown={() => move(one, at + 1)}
                  onRename={() => setEditing(one.id)}
                  onDelete={() => drop(one)}
                />
              )}
            </li>
          ))}
        </ol>
        <h3 className="s2 t2">{t("category.new")}</h3>
        <Names
          name={empty}
          busy={create.isPending}
          act={t("category.add")}
          onSave={(name) => {
            setError(null);
            return create.mutateAsync(name, { onError: refuse(null) });
          }}
        />
      </div>
    </Dialog>
  );
}
