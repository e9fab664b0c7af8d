import { Button, Dialog } from "@yingda/antd";
import { pressed } from "@yingda/api/keys";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { Markdown } from "../handbook/markdown";
import { chapterText } from "../handbook/queries";
import { waysOf } from "../handbook/ways";
import { beside } from "../lib/beside";
import { Failed } from "../lib/failed";
import { Icon } from "../lib/icon";
import { startTour, toursOf, turnHelp } from "../lib/learning";
import { LoadingRows } from "../lib/loading";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { useWindowWidth } from "../lib/use-wide";
import { usePlace } from "../shell/use-place";
import { tourThrough } from "../tour/steps";
import { sectionIn, sectionsOf, type Section } from "./sections";
import "../handbook/handbook.css";
import "./help.css";

/** The width of the help beside the page, and of a window with room for both, in rem. */
const width = 24;
const roomy = 80;

const close = () => turnHelp(false);

/** A part of the handbook. */
function Part({ of, onLeave }: { of: Section; onLeave?: (() => void) | undefined }) {
  const { t } = useTranslation("help");
  const { language } = usePrefs();
  const text = useQuery(chapterText(of.chapter, language));
  const part = text.data === undefined ? undefined : sectionIn(text.data, t(`section.${of.heading}`));
  return (
    <>
      <Failed of={text} />
      {text.isPending && <LoadingRows rows={3} />}
      {part !== undefined && <Markdown text={part} ways={waysOf(onLeave)} />}
    </>
  );
}

/** What the handbook says about the open page, and the ways to the rest of it and to the tour of the page. */
function Parts({ onLeave }: { onLeave?: () => void }) {
  const { t } = useTranslation("help");
  const me = useMe();
  const { page } = usePlace();
  const parts = sectionsOf(page?.id ?? null, me);
  const tour = page ? tourThrough(toursOf(me), page.to, me) : undefined;
  return (
    <>
      <div className="row wrap help-ways">
        {page && tour && (
          <Button
            onClick={() => {
              onLeave?.();
              startTour(tour, page.to);
            }}
          >
            {t("tour")}
          </Button>
        )}
        <Link to="/handbook" search={parts[0] ? { chapter: parts[0].chapter } : {}} onClick={onLeave}>
          {t("whole")}
        </Link>
        <Link to="/training" search={{}} onClick={onLeave}>
          {t("training")}
        </Link>
      </div>
      <article className="handbook help-text">
        {parts.map((part) => (
          <Part key={`${part.chapter} ${part.heading}`} of={part} onLeave={onLeave} />
        ))}
      </article>
    </>
  );
}

/** Beside the page, which has less room then and is worked with as before. */
function Beside({ title }: { title: string }) {
  const { t } = useTranslation("shell");
  const id = useId();
  const pane = useRef<HTMLElement>(null);
  const { page } = usePlace();
  useLayoutEffect(() => {
    const before = document.activeElement;
    const box = pane.current;
    beside.set(width);
    document.documentElement.dataset.help = "";
    box?.focus();
    return () => {
      const isHere = document.activeElement === document.body || box?.contains(document.activeElement);
      beside.set(0);
      delete document.documentElement.dataset.help;
      // Whoever went on elsewhere stays there.
      if (isHere && before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const shown = page?.id;
  useEffect(() => {
    if (shown) pane.current?.scrollTo({ top: 0 });
  }, [shown]);
  // Outside the page, whose width is measured without it.
  return createPortal(
    <aside
      ref={pane}
      className="help"
      aria-labelledby={id}
      data-pane
      tabIndex={-1}
      onKeyDown={(event) => {
        if (pressed(event) !== "Escape") return;
        event.preventDefault();
        close();
      }}
    >
      <header className="row help-head">
        <h2 id={id} className="grow">
          {title}
        </h2>
        <button type="button" className="ib" aria-label={t("close")} title={t("close")} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <Parts />
    </aside>,
    document.body,
  );
}

/** Help with the open page: beside it where there is room, otherwise over it. */
export function Help() {
  const { t } = useTranslation("help");
  const { t: shell } = useTranslation("shell");
  const { t: areas } = useTranslation("areas");
  const { page } = usePlace();
  const hasRoom = useWindowWidth(roomy);
  const title = page ? t("title.of", { page: areas(`page.${page.id}`) }) : t("title");
  const [isBeside] = useState(hasRoom);
  const isOver = isBeside && !hasRoom;
  // A window that became narrow has no room for it any more; it does not lie down over what somebody writes.
  useEffect(() => {
    if (isOver) close();
  }, [isOver]);
  if (isOver) return null;
  if (isBeside) return <Beside title={title} />;
  return (
    <Dialog open placement="end" title={title} closeLabel={shell("close")} onClose={close}>
      <Parts onLeave={close} />
    </Dialog>
  );
}
