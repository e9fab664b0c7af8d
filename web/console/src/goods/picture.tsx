import { Button } from "@yingda/antd";
import { dropped, holdsFiles } from "@yingda/api/transfer";
import { illustrations } from "@yingda/tokens/art";
import { useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import { useProblemText } from "../lib/problem";
import { Illustration } from "../lib/product";
import type { Fields } from "./fields";
import { useUploadPicture } from "./queries";

/** What the server accepts: PNG, JPEG and WebP of at most 10 MB. */
const pictureTypes = ["image/png", "image/jpeg", "image/webp"];
const largestPicture = 10 * 1024 * 1024;

interface PictureProps {
  fields: Fields;
  id: string;
  error: string | undefined;
  onPicture(picture: string | null): void;
  onDrawing(name: string): void;
  onRefused(why: string): void;
}

/** The picture of a product: a file that is uploaded, or one of our drawings. */
export function Picture({ fields, id, error, onPicture, onDrawing, onRefused }: PictureProps) {
  const { t } = useTranslation("goods");
  const text = useProblemText();
  const upload = useUploadPicture();
  const input = useRef<HTMLInputElement>(null);
  const drawing = useId();
  const take = (file: File | undefined) => {
    if (!file) return;
    if (file.size > largestPicture) {
      onRefused(t("picture.too_large"));
      return;
    }
    upload.mutate(file, {
      onSuccess: (made) => onPicture(made.id),
      onError: (reason) => onRefused(text(reason)),
    });
  };
  return (
    <div
      className="goods-picture"
      onDragOver={holdsFiles}
      onDrop={(event) => {
        const files = dropped(event);
        take(files.find(({ type }) => pictureTypes.includes(type)) ?? files[0]);
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
            accept={pictureTypes.join()}
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
            <select id={drawing} value={fields.illustration} onChange={(event) => onDrawing(event.target.value)}>
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
