import { Button } from "@yingda/antd";
import { pressed } from "@yingda/api/keys";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { leaveTour, lessonOf, type Learning } from "../lib/learning";
import { useFinishLesson } from "../lib/lessons";
import { useRefused } from "../lib/mutations";
import { choose } from "../lib/prefs";
import { useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { placeCard } from "./place";
import { stepsOf } from "./steps";
import { useSpot } from "./use-spot";
import "./tour.css";

/** How far the light reaches beyond what it is on, in pixels. */
const halo = 4;

/** Keeps the card beside what it speaks of, whatever its text is. */
function useCard(spot: ReturnType<typeof useSpot>, step: string) {
  const card = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = card.current;
    if (!box) return;
    const arrange = () => {
      const { width, height } = box.getBoundingClientRect();
      const at = placeCard(spot, { width, height }, { width: innerWidth, height: innerHeight });
      box.style.translate = `${at.x}px ${at.y}px`;
    };
    arrange();
    addEventListener("resize", arrange);
    return () => removeEventListener("resize", arrange);
  }, [spot, step]);
  return card;
}

/** Opens the page of the step: the tour goes over the pages themselves. */
function useSteps({ name, at: begin }: NonNullable<Learning["tour"]>) {
  const me = useMe();
  const navigate = useNavigate();
  const [steps] = useState(() => stepsOf(name, me));
  const [index, setIndex] = useState(() =>
    Math.max(
      0,
      steps.findIndex(({ at }) => begin !== null && at === begin),
    ),
  );
  const step = steps[index];
  const to = step?.at;
  useEffect(() => {
    if (to) void navigate({ to, search: {} });
  }, [to, navigate]);
  const [isWhole] = useState(index === 0);
  return { step, index, last: steps.length - 1, of: steps.length, isWhole, setIndex };
}

/**
 * A tour: a light on one place after another, and a card that says what it is. It stands above the page like a dialog, so that the focus stays in it, Escape leaves
 * it, and where the focus was is remembered.
 */
export function Tour({ tour }: { tour: NonNullable<Learning["tour"]> }) {
  const { t } = useTranslation("tour");
  const me = useMe();
  const { step, index, last, of, isWhole, setIndex } = useSteps(tour);
  // Whoever looks at the console in another role, or begins at a later step, has not taken it.
  const counts = isWhole && !me.is_viewing;
  const finish = useFinishLesson();
  const refused = useRefused();
  const ids = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const next = useRef<HTMLButtonElement>(null);
  const spot = useSpot(step?.anchor ?? "");
  const card = useCard(spot, step?.id ?? "");

  useLayoutEffect(() => {
    const box = dialog.current;
    box?.showModal();
    next.current?.focus();
    return () => box?.close();
  }, []);
  // The first step has no way back: whoever came to it by that button goes on from the other one.
  useEffect(() => {
    if (index === 0) next.current?.focus();
  }, [index]);

  if (!step) return null;
  const leave = () => {
    if (!me.is_viewing) choose({ tourAnswered: true });
    leaveTour();
  };
  const go = (by: 1 | -1) => {
    if (by === -1) setIndex(Math.max(0, index - 1));
    else if (index < last) setIndex(index + 1);
  };
  const end = () => {
    leave();
    if (!counts) return;
    const told = t("finished", { tour: t(`name.${tour.name}`) });
    finish.mutateAsync(lessonOf(tour.name)).then(() => toast(told), refused);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const key = pressed(event);
    if (key !== "ArrowRight" && key !== "ArrowLeft") return;
    event.preventDefault();
    go(key === "ArrowRight" ? 1 : -1);
  };
  return (
    <dialog
      ref={dialog}
      className="tour"
      aria-labelledby={`${ids}-title`}
      onCancel={(event) => {
        event.preventDefault();
        leave();
      }}
      onKeyDown={onKeyDown}
    >
      <div
        className={spot ? "tour-light" : "tour-light tour-dark"}
        aria-hidden="true"
        style={
          spot
            ? {
                translate: `${spot.x - halo}px ${spot.y - halo}px`,
                inlineSize: spot.width + 2 * halo,
                blockSize: spot.height + 2 * halo,
              }
            : undefined
        }
      />
      <div ref={card} className="tour-card">
        <div aria-live="polite">
          <p className="s1 t3 n">
            {t(`name.${tour.name}`)}
            <i className="dot" />
            {t("at", { at: index + 1, of })}
          </p>
          <h2 id={`${ids}-title`}>{t(`step.${step.id}.title`)}</h2>
          <p>{t(`step.${step.id}.text`)}</p>
        </div>
        <div className="row wrap tour-acts">
          <Button type="text" onClick={leave}>
            {t("leave")}
          </Button>
          <span className="grow" />
          {index > 0 && <Button onClick={() => go(-1)}>{t("back")}</Button>}
          <Button ref={next} type="primary" onClick={() => (index === last ? end() : go(1))}>
            {index < last ? t("next") : t(counts ? "finish" : "close")}
          </Button>
        </div>
      </div>
    </dialog>
  );
}
