import { useTranslation } from "react-i18next";
import { clock, count, percent } from "../lib/format";
import { say } from "../lib/i18n";
import { useTitleOf } from "../lib/people";
import { usePrefs } from "../lib/prefs";
import type { Dragged } from "./assign";
import { lineMs, targetMs, type Dot, type Lane } from "./model";
import type { Below } from "./use-below";

/** The marks of the axis, in milliseconds. */
const marks = [0, targetMs, 60_000, 90_000];

function DotOf({
  dot,
  isOpen,
  drag,
  onOpen,
}: {
  dot: Dot;
  isOpen: boolean;
  drag: Dragged | null;
  onOpen(id: string): void;
}) {
  const { t } = useTranslation("floor");
  const titleOf = useTitleOf();
  return (
    <button
      type="button"
      className={`floor-dot floor-dot-${dot.level}`}
      style={{ insetInlineStart: `${dot.share * 100}%` }}
      aria-label={t("lines.dot", { name: titleOf(dot.one), time: clock(dot.ms) })}
      aria-pressed={isOpen}
      title={`${titleOf(dot.one)} ${clock(dot.ms)}`}
      onClick={() => onOpen(dot.one.id)}
      {...drag?.source(dot.one)}
    />
  );
}

/** That too few of today's waits in a queue were answered in time. */
function BelowTarget({ below }: { below: Below | undefined }) {
  const { t } = useTranslation("floor");
  const { language } = usePrefs();
  if (!below) return null;
  const values = {
    share: percent(Math.floor(below.share * 100) / 100, language, 0),
    target: percent(below.target, language, 0),
  };
  return (
    <span className="tag warn n" title={t("lines.below.means", values)}>
      <span aria-hidden="true">{t("lines.below", values)}</span>
      <span className="sr">{t("lines.below.means", values)}</span>
    </span>
  );
}

/** Everybody who waits, as a dot on an axis of time for each queue: an average would hide the one who has waited longest. */
export function WaitingLines({
  lanes,
  open,
  below,
  drag,
  onOpen,
}: {
  lanes: readonly Lane[];
  open: string | null;
  /** The queues that miss their target today. */
  below: ReadonlyMap<string, Below>;
  /** Null if the member may not move anybody. */
  drag: Dragged | null;
  onOpen(id: string): void;
}) {
  const { t } = useTranslation("floor");
  const { language } = usePrefs();
  const total = lanes.reduce((sum, lane) => sum + lane.dots.length, 0);
  return (
    <section className="card floor-lines" aria-label={t("lines")}>
      <header className="floor-head">
        <h2>{t("lines")}</h2>
        <b className="n">{count(total, language)}</b>
        <span className="grow" />
        <span className="s1 t3 floor-legend">
          <i className="floor-dot floor-dot-calm" aria-hidden="true" /> {t("lines.calm")}
          <i className="floor-dot floor-dot-soon" aria-hidden="true" /> {t("lines.soon")}
          <i className="floor-dot floor-dot-late" aria-hidden="true" /> {t("lines.late")}
        </span>
      </header>
      <div className="floor-axis s1 t3" aria-hidden="true">
        {marks.map((ms) => (
          <span key={ms} style={{ insetInlineStart: `${(ms / lineMs) * 100}%` }}>
            {clock(ms)}
          </span>
        ))}
      </div>
      <ul>
        {lanes.map(({ queue, dots, longest }) => (
          <li
            key={queue.id}
            className={drag?.over === queue.id ? "floor-lane floor-over" : "floor-lane"}
            {...drag?.target(() =>
              drag.dragged?.queue?.id === queue.id ? null : { id: queue.id, name: say(queue.name, language) },
            )}
          >
            <span className="floor-queue">
              <b className="el" dir="auto">
                {say(queue.name, language)}
              </b>
              <BelowTarget below={below.get(queue.id)} />
            </span>
            <span className="floor-line">
              {dots.map((dot) => (
                <DotOf key={dot.one.id} dot={dot} isOpen={dot.one.id === open} drag={drag} onOpen={onOpen} />
              ))}
            </span>
            <span className="n floor-longest">
              {longest === null ? (
                <span className="t3">–</span>
              ) : (
                <>
                  <span className="sr">{t("lines.longest")} </span>
                  {clock(longest)}
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
