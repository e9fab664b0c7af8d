import { Button, Dialog, Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { KnowledgeCategory } from "@yingda/api/types";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { answerCategories } from "../lib/directory";
import { Failed } from "../lib/failed";
import { Icon } from "../lib/icon";
import { isProblem, useProblemText } from "../lib/problem";
import { useCreateCategory, useDeleteCategory, useRenameCategory } from "./queries";

/** What was refused, and the category whose entries prevented it. */
interface Fault {
  text: string;
  category?: string;
}

function Row({ category, onFault }: { category: KnowledgeCategory; onFault(fault: Fault | null): void }) {
  const { t } = useTranslation("knowledge");
  const text = useProblemText();
  const rename = useRenameCategory();
  const remove = useDeleteCategory();
  const [name, setName] = useState(category.name);
  const changed = name.zh !== category.name.zh || name.en !== category.name.en;
  const shown = category.name.zh || category.name.en;
  const save = () => {
    if (changed)
      rename.mutate(
        { category, name },
        {
          onSuccess: () => onFault(null),
          onError: (error) => {
            onFault({ text: text(error) });
            setName(category.name);
          },
        },
      );
  };
  const drop = () =>
    remove.mutate(category.key, {
      onSuccess: () => onFault(null),
      onError: (error) =>
        onFault(
          isProblem(error, "knowledge_category_in_use")
            ? {
                text: t("categories.in_use", { name: shown, count: error.count ?? category.entries }),
                category: category.key,
              }
            : { text: text(error) },
        ),
    });
  return (
    <li className="kn-category">
      <Input
        lang="zh-CN"
        value={name.zh}
        maxLength={40}
        aria-label={t("categories.zh", { name: shown })}
        onChange={(event) => setName({ ...name, zh: event.target.value })}
        onBlur={save}
      />
      <Input
        lang="en"
        value={name.en}
        maxLength={40}
        aria-label={t("categories.en", { name: shown })}
        onChange={(event) => setName({ ...name, en: event.target.value })}
        onBlur={save}
      />
      <span className="s2 t3 nowrap">{t("categories.entries", { count: category.entries })}</span>
      <button
        type="button"
        className="ib s"
        aria-label={t("categories.remove", { name: shown })}
        title={t("remove")}
        disabled={remove.isPending}
        onClick={drop}
      >
        <Icon name="trash" />
      </button>
    </li>
  );
}

/** The names of categories in both languages; one that contains entries cannot be deleted. */
export function CategoriesDialog({ onClose, onShow }: { onClose(): void; onShow(category: string): void }) {
  const { t } = useTranslation("knowledge");
  const text = useProblemText();
  const list = useQuery(answerCategories);
  const create = useCreateCategory();
  const [fault, setFault] = useState<Fault | null>(null);
  const [name, setName] = useState({ zh: "", en: "" });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(name, {
      onSuccess: () => {
        setName({ zh: "", en: "" });
        setFault(null);
      },
      onError: (error) => setFault({ text: text(error) }),
    });
  };
  return (
    <Dialog open title={t("categories")} closeLabel={t("close")} onClose={onClose} width="40rem">
      <div className="kn-form">
        {fault && (
          <p className="notice hot kn-fault" role="alert">
            <span>{fault.text}</span>
            {fault.category && (
              <Button size="small" onClick={() => onShow(fault.category ?? "")}>
                {t("categories.show")}
              </Button>
            )}
          </p>
        )}
        <Failed of={list} />
        {list.isPending && (
          <p className="t3" role="status">
            {t("loading")}
          </p>
        )}
        {list.isSuccess && list.data.items.length === 0 && <p className="t3">{t("categories.none")}</p>}
        <ul className="kn-category-list">
          {list.data?.items.map((one) => (
            <Row key={`${one.key}${one.updated_at}`} category={one} onFault={setFault} />
          ))}
        </ul>
        <form className="kn-category" onSubmit={submit}>
          <Input
            lang="zh-CN"
            value={name.zh}
            maxLength={40}
            placeholder={t("categories.new_zh")}
            aria-label={t("categories.new_zh")}
            onChange={(event) => setName({ ...name, zh: event.target.value })}
          />
          <Input
            lang="en"
            value={name.en}
            maxLength={40}
            placeholder={t("categories.new_en")}
            aria-label={t("categories.new_en")}
            onChange={(event) => setName({ ...name, en: event.target.value })}
          />
          <Button
            htmlType="submit"
            type="primary"
            loading={create.isPending}
            disabled={name.zh.trim() === "" && name.en.trim() === ""}
          >
            {t("categories.add")}
          </Button>
        </form>
      </div>
    </Dialog>
  );
}
