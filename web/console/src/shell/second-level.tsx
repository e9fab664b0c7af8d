import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import { choose } from "../lib/prefs";
import { useWidth } from "../lib/use-wide";
import { QueueList } from "../queues/queue-list";
import type { Area, Page } from "./areas";
import { fewPages, grouped } from "./grouped";
import { pageBadges } from "./badges";
import { useFade } from "./use-fade";
import type { SecondForm } from "./use-second-form";

/** What a page adds below its entry while it is open. */
const below: Partial<Record<Page["id"], () => ReactNode>> = {
  queues: () => <QueueList of="/inbox/queues" />,
  feedback: () => <QueueList of="/inbox/feedback" />,
};

function Entry({ page, current, form }: { page: Page; current: boolean; form: SecondForm }) {
  const { t } = useTranslation("areas");
  const Badge = pageBadges[page.id];
  const Below = below[page.id];
  const name = t(`page.${page.id}`);
  return (
    <li>
      <Link
        to={page.to}
        search={{}}
        className="second-link"
        activeOptions={{ exact: true }}
        aria-current={current ? "page" : undefined}
        title={form === "icons" ? name : undefined}
      >
        {form !== "above" && <Icon name={page.icon} />}
        <span className={form === "icons" ? "sr" : "grow"}>{name}</span>
        {Badge && <Badge />}
      </Link>
      {current && Below && form === "names" && <Below />}
    </li>
  );
}

interface SecondLevelProps {
  area: Area;
  page: Page | null;
  pages: readonly Page[];
  form: SecondForm;
}

/** The pages by group, where there are many; the names of the groups stand over them, unless only icons are shown. */
function Groups({ page, pages, form }: Omit<SecondLevelProps, "area">) {
  const { t } = useTranslation("areas");
  return grouped(pages).map(({ group, pages: its }) => (
    <div
      key={group}
      className="second-group"
      role={group ? "group" : undefined}
      aria-label={group ? t(`group.${group}`) : undefined}
    >
      {group && form === "names" && (
        <p className="second-heading" aria-hidden="true">
          {t(`group.${group}`)}
        </p>
      )}
      <ul className="second-list">
        {its.map((one) => (
          <Entry key={one.id} page={one} current={one.id === page?.id} form={form} />
        ))}
      </ul>
    </div>
  ));
}

/** Whether the names have no room side by side above the page: there are many, or the text is large, or they stand above a narrow list. */
function useTight({ page, pages }: Pick<SecondLevelProps, "page" | "pages">) {
  const [some, more, most] = [useWidth(20), useWidth(40), useWidth(56)];
  const isAboveNarrowList = page?.second === "list" && more && !most;
  return pages.length > fewPages || (pages.length > 3 && (!some || isAboveNarrowList));
}

/** The same choice where many pages have no room side by side. */
function PagePick({ area, page, pages }: Omit<SecondLevelProps, "form">) {
  const { t } = useTranslation("areas");
  const navigate = useNavigate();
  return (
    <label className="second-pick">
      <span className="sr">{t(`area.${area.id}`)}</span>
      <select
        value={page?.id ?? ""}
        onChange={({ target: { value } }) => {
          const wanted = pages.find(({ id }) => id === value);
          if (wanted) void navigate({ to: wanted.to, search: {} });
        }}
      >
        {!page && <option value="">{t(`area.${area.id}`)}</option>}
        {grouped(pages).map(({ group, pages: its }) => {
          const options = its.map(({ id }) => (
            <option key={id} value={id}>
              {t(`page.${id}`)}
            </option>
          ));
          return group === null ? (
            options
          ) : (
            <optgroup key={group} label={t(`group.${group}`)}>
              {options}
            </optgroup>
          );
        })}
      </select>
    </label>
  );
}

/** Shows the names of the pages, or only their icons; what was chosen is remembered. */
function Names({ area, form }: { area: Area; form: SecondForm }) {
  const { t } = useTranslation("areas");
  const shown = form === "names";
  const word = t(shown ? "second.close" : "second.open");
  return (
    <p className="second-title">
      {shown && (
        <span className="grow" aria-hidden="true">
          {t(`area.${area.id}`)}
        </span>
      )}
      <button
        type="button"
        className="ib s"
        aria-expanded={shown}
        aria-label={word}
        title={word}
        onClick={() => choose({ secondNames: !shown })}
      >
        <Icon name={shown ? "left" : "right"} />
      </button>
    </p>
  );
}

/** The pages of an area: a column beside the open one, or above it if there is no room. */
export function SecondLevel({ area, page, pages, form }: SecondLevelProps) {
  const { t } = useTranslation("areas");
  const box = useRef<HTMLDivElement>(null);
  const open = page?.id;
  // If it is a row, scrolls it so that the open page is visible in it.
  useEffect(() => {
    if (open) box.current?.querySelector("[aria-current]")?.scrollIntoView?.({ block: "nearest", inline: "nearest" });
  }, [open]);
  useFade(box);
  const isTight = useTight({ page, pages });
  return (
    <nav className="second" aria-label={t(`area.${area.id}`)}>
      <div ref={box} className="second-scroll">
        {form !== "above" && <Names area={area} form={form} />}
        {form === "above" && isTight ? (
          <PagePick area={area} page={page} pages={pages} />
        ) : (
          <Groups page={page} pages={pages} form={form} />
        )}
      </div>
    </nav>
  );
}
