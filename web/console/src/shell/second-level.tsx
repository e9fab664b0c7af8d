import { Link } from "@tanstack/react-router";
import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { QueueList } from "../queues/queue-list";
import type { Area, Page } from "./areas";
import { pageBadges, useAlertCount } from "./badges";
import { useFade } from "./use-fade";

/** What a page adds below its entry while it is open. */
const below: Partial<Record<Page["id"], () => ReactNode>> = {
  queues: () => <QueueList of="/inbox/queues" />,
  left: () => <QueueList of="/inbox/left" />,
};

function Entry({ page, current }: { page: Page; current: boolean }) {
  const { t } = useTranslation("areas");
  const Badge = pageBadges[page.id];
  const Below = below[page.id];
  return (
    <li>
      <Link
        to={page.to}
        search={{}}
        className="second-link"
        activeOptions={{ exact: true }}
        aria-current={current ? "page" : undefined}
      >
        <span className="grow">{t(`page.${page.id}`)}</span>
        {Badge && <Badge />}
      </Link>
      {current && Below && <Below />}
    </li>
  );
}

/** The pages in their order; alerts that wait for somebody come right after the first page, where a narrow row does not cut them off. */
function useOrdered(pages: readonly Page[]): readonly Page[] {
  const waiting = useAlertCount();
  const urgent = pages.find((page) => page.id === "alerts");
  const [first] = pages;
  if (waiting === 0 || !urgent || !first || first === urgent) return pages;
  return [first, urgent, ...pages.filter((page) => page !== first && page !== urgent)];
}

/** The pages of an area: a column beside the open one, or a row above it if there is no room. */
export function SecondLevel({ area, page, pages }: { area: Area; page: Page | null; pages: readonly Page[] }) {
  const { t } = useTranslation("areas");
  const box = useRef<HTMLDivElement>(null);
  const open = page?.id;
  const ordered = useOrdered(pages);
  // If it is a row, scrolls it so that the open page is visible in it.
  useEffect(() => {
    if (open) box.current?.querySelector("[aria-current]")?.scrollIntoView?.({ block: "nearest", inline: "nearest" });
  }, [open]);
  useFade(box);
  return (
    <nav className="second" aria-label={t(`area.${area.id}`)}>
      <div ref={box} className="second-scroll">
        <p className="second-title" aria-hidden="true">
          {t(`area.${area.id}`)}
        </p>
        <ul className="second-list">
          {ordered.map((one) => (
            <Entry key={one.id} page={one} current={one.id === open} />
          ))}
        </ul>
      </div>
    </nav>
  );
}
