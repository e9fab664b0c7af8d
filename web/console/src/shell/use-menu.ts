import { useOffersFirstSteps } from "../settings/first-steps/offer";
import { useMe } from "../lib/session";
import { temporaryPages, type Area, type Page } from "./areas";

/** The pages that the second level of an area names: first those that are offered only for a time, while they are or one of them is open. */
export function useMenu(area: Area | null, page: Page | null, pages: readonly Page[]): readonly Page[] {
  const me = useMe();
  const offers = useOffersFirstSteps(area?.id === "settings");
  const temporary = area ? temporaryPages(me, area).filter((one) => offers || one.id === page?.id) : [];
  return [...temporary, ...pages];
}
