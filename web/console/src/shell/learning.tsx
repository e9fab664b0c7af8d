import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, type ComponentType } from "react";
import { bring } from "@yingda/api/bring";
import { loadWords } from "../lib/i18n";
import { tellMissing } from "../lib/missing";
import { learning, learnNothing, leaveTour, lessonOf, ownTour, turnHelp } from "../lib/learning";
import { lessons } from "../lib/lessons";
import { choose, prefs, usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { useStore } from "../lib/store";

const loadTour = async () => (await import("../tour/tour")).Tour;
const loadOffer = async () => (await import("../tour/offer")).Offer;
const loadHelp = async () => (await import("../help/help")).Help;

/** A part that is loaded, with its texts, once it is wanted; `onFailed` is told if that fails. */
function usePart<Props>(
  load: () => Promise<ComponentType<Props>>,
  isWanted: boolean,
  onFailed: (error: unknown) => void,
) {
  const [part, setPart] = useState<{ Part: ComponentType<Props> } | null>(null);
  useEffect(() => {
    if (!isWanted || part) return;
    let isOver = false;
    Promise.all([bring(load), loadWords(prefs.get().language, "later")]).then(
      ([Part]) => !isOver && setPart({ Part }),
      (error: unknown) => !isOver && onFailed(error),
    );
    return () => {
      isOver = true;
    };
  }, [load, isWanted, part, onFailed]);
  return isWanted && part ? part.Part : null;
}

const noTour = (error: unknown) => {
  leaveTour();
  tellMissing(error);
};
const noHelp = (error: unknown) => {
  turnHelp(false);
  tellMissing(error);
};
/** An offer that cannot be loaded is made another time. */
const noOffer = () => undefined;

/** The tour and the help, while they are open. */
export function Learning() {
  const { help, tour } = useStore(learning);
  useEffect(() => learnNothing, []);
  const Tour = usePart(loadTour, tour !== null, noTour);
  const Help = usePart(loadHelp, help, noHelp);
  return (
    <>
      {Tour && tour && <Tour key={`${tour.name} ${tour.at ?? ""}`} tour={tour} />}
      {Help && <Help />}
    </>
  );
}

/** Offers the member's own tour until it is taken, or put off. */
export function TourOffer() {
  const me = useMe();
  const { tourAnswered } = usePrefs();
  const own = ownTour(me);
  const isOpen = !tourAnswered && !me.is_viewing;
  const { data } = useQuery({ ...lessons, enabled: isOpen });
  const one = data?.items.find(({ lesson }) => lesson === lessonOf(own));
  const isFinished = one !== undefined && one.finished_at !== null;
  useEffect(() => {
    if (isFinished) choose({ tourAnswered: true });
  }, [isFinished]);
  const Offer = usePart(loadOffer, isOpen && one !== undefined && !isFinished, noOffer);
  return Offer && <Offer tour={own} />;
}
