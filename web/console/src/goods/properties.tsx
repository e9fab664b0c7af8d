import { Button, Input } from "@yingda/antd";
import { useRef } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import type { Property } from "./fields";

const blank: Property = { key: "", label: { zh: "", en: "" }, value: { zh: "", en: "" }, unit: "" };
/** The maximum number of lines the server accepts. */
const most = 60;

interface PropertiesProps {
  lines: readonly Property[];
  error: string | undefined;
  onChange(lines: Property[]): void;
}

/** The data sheet: what the hall and the bot say about the product, line by line. */
export function Properties({ lines, error, onChange }: PropertiesProps) {
  const { t } = useTranslation("goods");
  const list = useRef<HTMLOListElement>(null);
  const set = (at: number, change: Partial<Property>) =>
    onChange(lines.map((line, index) => (index === at ? { ...line, ...change } : line)));
  const move = (at: number) => {
    const after = [...lines];
    const [line] = after.splice(at, 1);
    if (line) after.splice(at - 1, 0, line);
    onChange(after);
  };
  const add = () => {
    flushSync(() => onChange([...lines, blank]));
    list.current?.lastElementChild?.querySelector("input")?.focus();
  };
  return (
    <div className="goods-properties">
      <p className="s2 t3">{t("properties.about")}</p>
      {error && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
      {lines.length === 0 && <p className="empty">{t("properties.empty")}</p>}
      <ol ref={list} className="goods-property-list">
        {lines.map((line, at) => {
          const n = at + 1;
          const invalid =
            error && ((line.label.zh + line.label.en).trim() === "" || (line.value.zh + line.value.en).trim() === "")
              ? true
              : undefined;
          return (
            <li key={at} className="goods-property" aria-label={t("properties.line", { n })}>
              <Input
                lang="zh-CN"
                aria-label={t("properties.label_zh", { n })}
                placeholder={t("properties.label.zh")}
                value={line.label.zh}
                maxLength={200}
                aria-invalid={invalid}
                onChange={(event) => set(at, { label: { ...line.label, zh: event.target.value } })}
              />
              <Input
                lang="en"
                aria-label={t("properties.label_en", { n })}
                placeholder={t("properties.label.en")}
                value={line.label.en}
                maxLength={200}
                onChange={(event) => set(at, { label: { ...line.label, en: event.target.value } })}
              />
              <span className="goods-property-acts">
                <button
                  type="button"
                  className="ib s"
                  disabled={at === 0}
                  aria-label={t("properties.up", { n })}
                  title={t("up")}
                  onClick={() => move(at)}
                >
                  <Icon name="down" className="goods-up" />
                </button>
                <button
                  type="button"
                  className="ib s"
                  aria-label={t("properties.remove", { n })}
                  title={t("remove")}
                  onClick={() => onChange(lines.filter((_, index) => index !== at))}
                >
                  <Icon name="close" />
                </button>
              </span>
              <Input
                lang="zh-CN"
                aria-label={t("properties.value_zh", { n })}
                placeholder={t("properties.value.zh")}
                value={line.value.zh}
                maxLength={200}
                aria-invalid={invalid}
                onChange={(event) => set(at, { value: { ...line.value, zh: event.target.value } })}
              />
              <Input
                lang="en"
                aria-label={t("properties.value_en", { n })}
                placeholder={t("properties.value.en")}
                value={line.value.en}
                maxLength={200}
                onChange={(event) => set(at, { value: { ...line.value, en: event.target.value } })}
              />
              <Input
                aria-label={t("properties.unit", { n })}
                placeholder={t("properties.unit_short")}
                value={line.unit}
                maxLength={20}
                onChange={(event) => set(at, { unit: event.target.value })}
              />
            </li>
          );
        })}
      </ol>
      <Button repeats onClick={add} disabled={lines.length >= most}>
        <Icon name="plus" />
        {t("properties.add")}
      </Button>
    </div>
  );
}
