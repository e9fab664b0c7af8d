import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { differences } from "./diff";

/** A text with additions and removals marked, by form as well as by colour. */
export function Marked({ before, after, lang }: { before: string; after: string; lang: string }) {
  const { t } = useTranslation("knowledge");
  const pieces = useMemo(() => differences(before, after), [before, after]);
  return (
    <p className="kn-marked" lang={lang} dir="auto">
      {pieces.map((piece, index) =>
        piece.kind === "same" ? (
          <span key={index}>{piece.text}</span>
        ) : piece.kind === "added" ? (
          <ins key={index}>
            <span className="sr">{t("marked.added")}</span>
            {piece.text}
          </ins>
        ) : (
          <del key={index}>
            <span className="sr">{t("marked.removed")}</span>
            {piece.text}
          </del>
        ),
      )}
    </p>
  );
}
