import type { FileCard, MessageBody } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { urlOf } from "@yingda/api/operations";
import { bytes } from "@yingda/api/sizes";
import { LeftContact } from "../lib/contact";
import { SaidWords } from "../lib/hidden-numbers";
import { tagOf } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { ProductCard } from "../lib/product";
import { langOf, withLinks } from "../lib/words";

const shown = /^image\/(png|jpeg|gif|webp)$/;

/** A file to view or download. */
export function FileView({ file }: { file: FileCard }) {
  const { t } = useTranslation("desk");
  const [broken, setBroken] = useState(false);
  const href = urlOf("/files/{id}", { path: { id: file.id } });
  if (shown.test(file.mime) && !broken) {
    return (
      <a
        className="picture"
        href={href}
        target="_blank"
        rel="noopener"
        aria-label={t("file.open_picture", { name: file.name })}
      >
        <img
          src={href}
          alt={file.name}
          loading="lazy"
          {...(file.width && file.height ? { width: file.width, height: file.height } : {})}
          onError={() => setBroken(true)}
        />
      </a>
    );
  }
  return (
    <a className="bubble file" href={href} download={file.name}>
      <Icon name="clip" />
      <span className="el" dir="auto">
        {file.name}
      </span>
      <span className="s1 t3 n nowrap">{bytes(file.size)}</span>
      <Icon name="download" />
    </a>
  );
}

/** The content of a message, by its kind. */
export function MessageWords({ body, conversation, seq }: { body: MessageBody; conversation: string; seq: number }) {
  const { t } = useTranslation("desk");
  switch (body.type) {
    case "text":
      return (
        <div className="bubble" lang={langOf(body.text)} dir="auto">
          <SaidWords conversation={conversation} seq={seq} text={body.text} hidden={body.hidden_numbers} />
        </div>
      );
    case "choice":
      return (
        <div className="bubble" lang={langOf(body.text)} dir="auto">
          {body.text}
          <span className="chosen">
            <Icon name="check" />
            {t("message.chosen")}
          </span>
        </div>
      );
    case "left_message":
      return (
        <div className="bubble" lang={langOf(body.text)} dir="auto">
          <SaidWords conversation={conversation} seq={seq} text={body.text} hidden={body.hidden_numbers} />
          <span className="chosen">
            <Icon name="clock" />
            {body.contact ? (
              <span>
                {t("message.left_with")}{" "}
                <LeftContact
                  conversation={conversation}
                  seq={seq}
                  contact={body.contact}
                  masked={body.contact_masked}
                />
              </span>
            ) : (
              t("message.left")
            )}
          </span>
        </div>
      );
    case "file":
      return <FileView file={body.file} />;
    case "product":
      return (
        <ProductCard
          product={body.product}
          note={body.product.stock > 0 ? t("product.stock", { count: body.product.stock }) : t("product.none")}
        />
      );
    case "answer": {
      const buttons = body.options.length > 0 ? body.options : body.related;
      return (
        <div className="bubble" lang={tagOf(body.lang)} dir="auto">
          {withLinks(body.text)}
          {buttons.length > 0 && (
            <ul className="offered" aria-label={body.options.length > 0 ? t("message.options") : t("message.related")}>
              {buttons.map((button) => (
                <li key={button.id} className="tag line" dir="auto">
                  {button.text}
                </li>
              ))}
            </ul>
          )}
          {body.source && (
            <span className="source">
              <Icon name="book" />
              {t("message.source", { title: body.source.title })}
            </span>
          )}
          {body.outcome === "closed" && (
            <span className="source">
              <Icon name="clock" />
              {t("message.closed")}
            </span>
          )}
          {body.outcome === "danger" && (
            <span className="source hot">
              <Icon name="alert" />
              {t("message.danger")}
            </span>
          )}
          {body.outcome === "no_answer" && (
            <span className="source no-answer">
              <Icon name="alert" />
              {t("message.no_answer")}
            </span>
          )}
        </div>
      );
    }
    default:
      return <div className="bubble t3">{t("message.unknown")}</div>;
  }
}
