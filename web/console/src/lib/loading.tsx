import { useTranslation } from "react-i18next";
import "./loading.css";

/** Placeholder rows of a table that is loading, as high as the real ones. */
export function LoadingRows({ rows, className = "card" }: { rows: number; className?: string }) {
  const { t } = useTranslation("shell");
  return (
    <div className={`${className} loading-rows`} role="status" aria-label={t("loading")}>
      {Array.from({ length: rows }, (_, index) => (
        <span key={index}>
          <i className="skeleton" />
          <i className="skeleton" />
        </span>
      ))}
    </div>
  );
}

/** Placeholder cards while loading, each with as many lines as the real ones and in the same position (`className`). */
export function LoadingCards({
  cards,
  lines,
  className,
  card,
}: {
  cards: number;
  lines: number;
  className: string;
  card: string;
}) {
  const { t } = useTranslation("shell");
  return (
    <div className={`${className} loading-cards`} role="status" aria-label={t("loading")}>
      {Array.from({ length: cards }, (_, index) => (
        <div key={index} className={card}>
          {Array.from({ length: lines }, (_, line) => (
            <i key={line} className="skeleton" />
          ))}
        </div>
      ))}
    </div>
  );
}
