import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe } from "../lib/session";
import also from "../made/also.json";
import { areaAt, mayOpen, pages } from "../shell/areas";
import { useActs } from "./acts";
import { useMacroActs } from "./macro-acts";
import type { Item } from "./item";

/** Everything that can be picked without asking the server: the pages and actions that are open to this member. */
export function useOwn(onDialog: (name: "settings" | "keys") => void) {
  const { t } = useTranslation("areas");
  const me = useMe();
  const navigate = useNavigate();
  const acts = useActs(onDialog);
  const ownPages: Item[] = pages
    .filter((page) => mayOpen(me, page))
    .map((page) => {
      const area = areaAt(page.to);
      const title = t(`page.${page.id}`);
      const within = area && t(`area.${area.id}`);
      const id = `page:${page.id}`;
      return {
        id,
        icon: page.icon,
        title,
        note: within && within !== title ? within : "",
        also: `${also[page.id]} ${within ?? ""}`,
        picked: { id },
        run: () => void navigate({ to: page.to, search: {} }),
      };
    });
  const macroActs = useMacroActs();
  const ownActs: Item[] = [...acts, ...macroActs].map(({ id: act, ...rest }) => {
    const id = `act:${act}`;
    return { note: "", ...rest, id, picked: { id } };
  });
  return { ownPages, ownActs };
}
