import { Button, Input } from "@yingda/antd";
import type { StaffCategories, StaffGoods } from "@yingda/api/types";
import { illustrations } from "@yingda/tokens/art";
import { useId, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { Icon } from "../lib/icon";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { Illustration } from "../lib/product";
import type { Errors, FieldName, Fields } from "./fields";
import { parsePrice } from "./price";
import { useUploadPicture } from "./queries";

/** What the server accepts: PNG, JPEG and WebP of at most 10 MB. */
const pictureTypes = "image/png,image/jpeg,image/webp";
const largestPicture = 10 * 1024 * 1024;

interface FieldProps {
  label: string;
  hint?: string;
  error?: string | undefined;
  children(ids: {
    id: string;
    "aria-describedby": string;
    "aria-invalid": true | undefined;
    status: "" | "error";
  }): ReactNode;
}

export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        "aria-describedby": `${id}-words`,
        "aria-invalid": error ? true : undefined,
        status: error ? "error" : "",
      })}
      <span id={`${id}-words`} className={error ? "field-error" : "s1 t3"}>
        {error ?? hint}
      </span>
    </div>
  );
}

interface PictureProps {
  fields: Fields;
  id: string;
  error: string | undefined;
  onPicture(picture: string | null): void;
  onDrawing(name: string): void;
  onRefused(errors: Errors): void;
}

function Picture({ fields, id, error, onPicture, onDrawing, onRefused }: PictureProps) {
  const { t } = useTranslation("goods");
  const text = useProblemText();
  const upload = useUploadPicture();
  const input = useRef<HTMLInputElement>(null);
  const drawing = useId();
  const take = (file: File | undefined) => {
    if (!file) return;
    if (file.size > largestPicture) {
      onRefused({ picture: t("picture.too_large") });
      return;
    }
    upload.mutate(file, {
      onSuccess: (made) => onPicture(made.id),
      onError: (reason) => onRefused({ picture: text(reason) }),
    });
  };
  return (
    <div
      className="goods-picture"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        take(event.dataTransfer.files[0]);
      }}
    >
      <span className="goods-picture-stage" aria-busy={upload.isPending}>
        <Illustration
          product={{
            id,
            illustration: fields.illustration || "phone",
            ...(fields.picture ? { picture: fields.picture } : {}),
          }}
        />
      </span>
      <div className="goods-picture-acts">
        <div className="row wrap">
          <Button loading={upload.isPending} onClick={() => input.current?.click()}>
            <Icon name="picture" />
            {t(fields.picture ? "picture.other" : "picture.choose")}
          </Button>
          {fields.picture && (
            <Button type="text" onClick={() => onPicture(null)}>
              {t("picture.remove")}
            </Button>
          )}
          <input
            ref={input}
            type="file"
            className="sr"
            accept={pictureTypes}
            tabIndex={-1}
            aria-label={t("picture.choose")}
            onChange={(event) => {
              take(event.target.files?.[0]);
              event.target.value = "";
            }}
          />
        </div>
        <span className={error ? "field-error" : "s1 t3"} role={error ? "alert" : undefined}>
          {error ?? t("picture.hint")}
        </span>
        {!fields.picture && (
          <label className="row s2 t2" htmlFor={drawing}>
            {t("drawing")}
            <select
              id={drawing}
              className="goods-select"
              value={fields.illustration}
              onChange={(event) => onDrawing(event.target.value)}
            >
              <option value="">{t("drawing.auto")}</option>
              {illustrations.map((name) => (
                <option key={name} value={name}>
                  {t(`drawing.${name}`)}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
    </div>
  );
}

interface BasicsProps {
  fields: Fields;
  base: StaffGoods | null;
  errors: Errors;
  shelf: StaffCategories | undefined;
  onSet(change: Partial<Fields>, field: FieldName): void;
  onCategories(): void;
  onRefused(errors: Errors): void;
}

/** Names, category, price, stock, visibility, picture and texts. */
export function Basics({ fields, base, errors, shelf, onSet, onCategories, onRefused }: BasicsProps) {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  const price = parsePrice(fields.price);
  const dearer = base !== null && typeof price === "number" && price !== base.price_fen;
  const noCategory = shelf !== undefined && shelf.items.length === 0;
  return (
    <div className="goods-basics">
      <Picture
        fields={fields}
        id={base?.id ?? "new"}
        error={errors.picture}
        onPicture={(picture) => onSet({ picture }, "picture")}
        onDrawing={(illustration) => onSet({ illustration }, "picture")}
        onRefused={onRefused}
      />
      <div className="goods-two">
        <Field label={t("field.name_zh")} error={errors.name}>
          {(ids) => (
            <Input
              {...ids}
              lang="zh-CN"
              autoFocus={base === null}
              autoComplete="off"
              maxLength={120}
              value={fields.name.zh}
              onChange={(event) => onSet({ name: { ...fields.name, zh: event.target.value } }, "name")}
            />
          )}
        </Field>
        <Field label={t("field.name_en")} hint={t("hint.name")}>
          {(ids) => (
            <Input
              {...ids}
              lang="en"
              autoComplete="off"
              maxLength={120}
              value={fields.name.en}
              onChange={(event) => onSet({ name: { ...fields.name, en: event.target.value } }, "name")}
            />
          )}
        </Field>
      </div>
      <div className="goods-three">
        <Field label={t("field.category")} error={errors.category} hint={noCategory ? t("hint.no_category") : ""}>
          {({ status: _, ...ids }) => (
            <span className="row">
              <select
                {...ids}
                className="goods-select grow"
                value={fields.category}
                onChange={(event) => onSet({ category: event.target.value }, "category")}
              >
                <option value="">{t("choose")}</option>
                {shelf?.items.map((one) => (
                  <option key={one.id} value={one.id}>
                    {say(one.name, language)}
                  </option>
                ))}
              </select>
              <button
                type="button"
                className="ib"
                aria-label={t("categories")}
                title={t("categories")}
                onClick={onCategories}
              >
                <Icon name="edit" />
              </button>
            </span>
          )}
        </Field>
        <Field label={t("field.price")} error={errors.price}>
          {(ids) => (
            <Input
              {...ids}
              prefix="¥"
              inputMode="decimal"
              autoComplete="off"
              maxLength={24}
              value={fields.price}
              onChange={(event) => onSet({ price: event.target.value }, "price")}
            />
          )}
        </Field>
        <Field label={t("field.stock")} hint={t("hint.stock")} error={errors.stock}>
          {(ids) => (
            <Input
              {...ids}
              inputMode="numeric"
              autoComplete="off"
              maxLength={12}
              value={fields.stock}
              onChange={(event) => onSet({ stock: event.target.value }, "stock")}
            />
          )}
        </Field>
      </div>
      {dearer && (
        <Field label={t("field.reason")} hint={t("hint.reason")} error={errors.reason}>
          {(ids) => (
            <Input
              {...ids}
              autoComplete="off"
              maxLength={200}
              value={fields.reason}
              onChange={(event) => onSet({ reason: event.target.value }, "reason")}
            />
          )}
        </Field>
      )}
      <div className="field">
        <span>{t("field.state")}</span>
        <Choice
          label={t("field.state")}
          value={fields.state}
          options={(["draft", "live", "off"] as const).map((state) => ({ value: state, word: t(`state.${state}`) }))}
          onChange={(state) => onSet({ state }, "name")}
        />
        <span className="s1 t3">{t(`hint.state.${fields.state}`)}</span>
      </div>
      {shelf && shelf.tags.length > 0 && (
        <fieldset className="goods-tags">
          <legend>{t("field.tags")}</legend>
          {shelf.tags.map((tag) => (
            <label key={tag.id} className={fields.tags.includes(tag.id) ? "tag brand goods-tag" : "tag line goods-tag"}>
              <input
                type="checkbox"
                checked={fields.tags.includes(tag.id)}
                onChange={(event) =>
                  onSet(
                    {
                      tags: event.target.checked
                        ? [...fields.tags, tag.id]
                        : fields.tags.filter((one) => one !== tag.id),
                    },
                    "name",
                  )
                }
              />
              {say(tag.name, language)}
            </label>
          ))}
        </fieldset>
      )}
      <div className="goods-two">
        {(["zh", "en"] as const).map((side) => (
          <Field
            key={side}
            label={t(`field.points_${side}`)}
            hint={t("hint.points")}
            error={side === "zh" ? errors.points : undefined}
          >
            {(ids) => (
              <Input.TextArea
                {...ids}
                lang={side === "zh" ? "zh-CN" : "en"}
                rows={3}
                value={fields.points[side]}
                onChange={(event) => onSet({ points: { ...fields.points, [side]: event.target.value } }, "points")}
              />
            )}
          </Field>
        ))}
      </div>
      <div className="goods-two">
        {(["zh", "en"] as const).map((side) => (
          <Field
            key={side}
            label={t(`field.description_${side}`)}
            error={side === "zh" ? errors.description : undefined}
          >
            {(ids) => (
              <Input.TextArea
                {...ids}
                lang={side === "zh" ? "zh-CN" : "en"}
                rows={5}
                maxLength={4000}
                value={fields.description[side]}
                onChange={(event) =>
                  onSet({ description: { ...fields.description, [side]: event.target.value } }, "description")
                }
              />
            )}
          </Field>
        ))}
      </div>
    </div>
  );
}
