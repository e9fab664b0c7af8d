import { Input } from "@yingda/antd";
import { signOf } from "@yingda/api/money";
import type { StaffCategories, StaffGoods } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { Field } from "../lib/field";
import { Icon } from "../lib/icon";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { may, useMe } from "../lib/session";
import type { Editor } from "../lib/use-editor";
import { inputs, type Fields } from "./fields";
import { Picture } from "./picture";
import { parsePrice } from "./price";

type GoodsEditor = Editor<StaffGoods, Fields>;

interface BasicsProps {
  editor: GoodsEditor;
  shelf: StaffCategories | undefined;
  onCategories(): void;
}

/** Names, category, price, stock, visibility, picture and texts. */
export function Basics({ editor, shelf, onCategories }: BasicsProps) {
  const { t } = useTranslation("goods");
  const { base, fields, set, faults } = editor;
  const me = useMe();
  const setsPrices = may(me, "goods.prices");
  const price = parsePrice(fields.price, me.currency);
  const dearer = base !== null && typeof price === "number" && price !== base.price_fen;
  return (
    <div className="goods-basics">
      <Picture
        fields={fields}
        id={base?.id ?? "new"}
        error={faults.picture}
        onPicture={(picture) => set({ picture })}
        onDrawing={(illustration) => set({ illustration }, "picture")}
        onRefused={(why) => editor.refuse({ picture: why })}
      />
      <div className="goods-two">
        <Field label={t("field.name_zh")} error={faults.name}>
          {(ids) => (
            <Input
              {...ids}
              lang="zh-CN"
              autoFocus={base === null}
              autoComplete="off"
              maxLength={120}
              value={fields.name.zh}
              onChange={(event) => set({ name: { ...fields.name, zh: event.target.value } })}
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
              onChange={(event) => set({ name: { ...fields.name, en: event.target.value } })}
            />
          )}
        </Field>
      </div>
      <div className="goods-three">
        <CategoryField editor={editor} shelf={shelf} onCategories={onCategories} />
        {inputs.map(({ name, mode, longest, hint, change }) => {
          const fixed = name === "price" && !setsPrices;
          return (
            <Field
              key={name}
              label={t(`field.${name}`)}
              hint={fixed ? t("hint.price") : hint && t(hint)}
              error={faults[name]}
              required
            >
              {(ids) => (
                <Input
                  {...ids}
                  readOnly={fixed}
                  className={fixed ? "form-read" : undefined}
                  prefix={name === "price" ? signOf(me.currency) : null}
                  inputMode={mode}
                  autoComplete="off"
                  maxLength={longest}
                  value={fields[name]}
                  onChange={(event) => set(change(event.target.value))}
                />
              )}
            </Field>
          );
        })}
      </div>
      {dearer && (
        <Field label={t("field.reason")} hint={t("hint.reason")} error={faults.reason}>
          {(ids) => (
            <Input
              {...ids}
              autoComplete="off"
              maxLength={200}
              value={fields.reason}
              onChange={(event) => set({ reason: event.target.value })}
            />
          )}
        </Field>
      )}
      <div className="field">
        <span>{t("field.state")}</span>
        <Choice
          label={t("field.state")}
          value={fields.state}
          options={(["draft", "live", "off"] as const).map((state) => ({
            value: state,
            word: t(`state.${state}`),
            cannot: state === "live" && base?.state !== "live" && !setsPrices ? t("hint.sell") : undefined,
          }))}
          onChange={(state) => set({ state })}
        />
        <span className="s1 t3">{t(`hint.state.${fields.state}`)}</span>
      </div>
      {shelf && shelf.tags.length > 0 && <Tags editor={editor} tags={shelf.tags} />}
      <Texts editor={editor} />
    </div>
  );
}

function CategoryField({ editor: { fields, set, faults }, shelf, onCategories }: BasicsProps) {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  const noCategory = shelf !== undefined && shelf.items.length === 0;
  return (
    <Field label={t("field.category")} error={faults.category} required hint={noCategory ? t("hint.no_category") : ""}>
      {({ status: _, ...ids }) => (
        <span className="row">
          <select
            {...ids}
            className="grow"
            value={fields.category}
            onChange={(event) => set({ category: event.target.value })}
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
  );
}

function Tags({ editor: { fields, set }, tags }: { editor: GoodsEditor; tags: StaffCategories["tags"] }) {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  return (
    <fieldset className="goods-tags">
      <legend>{t("field.tags")}</legend>
      {tags.map((tag) => (
        <label key={tag.id} className={fields.tags.includes(tag.id) ? "tag brand goods-tag" : "tag line goods-tag"}>
          <input
            type="checkbox"
            checked={fields.tags.includes(tag.id)}
            onChange={(event) =>
              set({
                tags: event.target.checked ? [...fields.tags, tag.id] : fields.tags.filter((one) => one !== tag.id),
              })
            }
          />
          <bdi>{say(tag.name, language)}</bdi>
        </label>
      ))}
    </fieldset>
  );
}

/** Selling points and a description, in both languages. */
function Texts({ editor: { fields, set, faults } }: { editor: GoodsEditor }) {
  const { t } = useTranslation("goods");
  return (
    <>
      <div className="goods-two">
        {(["zh", "en"] as const).map((side) => (
          <Field
            key={side}
            label={t(`field.points_${side}`)}
            hint={t("hint.points")}
            error={side === "zh" ? faults.points : undefined}
          >
            {(ids) => (
              <Input.TextArea
                {...ids}
                lang={side === "zh" ? "zh-CN" : "en"}
                rows={3}
                value={fields.points[side]}
                onChange={(event) => set({ points: { ...fields.points, [side]: event.target.value } })}
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
            error={side === "zh" ? faults.description : undefined}
          >
            {(ids) => (
              <Input.TextArea
                {...ids}
                lang={side === "zh" ? "zh-CN" : "en"}
                rows={5}
                maxLength={4000}
                value={fields.description[side]}
                onChange={(event) => set({ description: { ...fields.description, [side]: event.target.value } })}
              />
            )}
          </Field>
        ))}
      </div>
    </>
  );
}
