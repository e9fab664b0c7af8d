import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Floor, FloorAgent } from "@yingda/api/types";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { mostAtOnce, Several } from "../desk/several";
import { Failed } from "../lib/failed";
import { floorSettings } from "../lib/directory";
import { useKeys } from "../lib/keys";
import { LoadingRows } from "../lib/loading";
import { usePrefs } from "../lib/prefs";
import { may, useMe } from "../lib/session";
import { useChosen } from "../lib/use-chosen";
import { useLists } from "../live/context";
import { Agents } from "./agents";
import { Announce } from "./announce";
import { useAssign, useDragged } from "./assign";
import { WaitingLines } from "./lines";
import { agentLines, byWait, lanesOf, needsOf, slowMs } from "./model";
import { Needs } from "./needs";
import { FloorPane } from "./pane";
import { floorQuery } from "./queries";
import { Served } from "./served";
import { StateDialog, StatesDialog } from "./state-dialog";
import { useBelow } from "./use-below";
import "./floor.css";

/** The floor, read anew every few seconds, with who waits as the connection tells it at once. */
function useFloor() {
  const found = useQuery(floorQuery);
  const lists = useLists();
  const { data, refetch } = found;
  // Who begins or ends waiting has changed the rest as well.
  const ids = lists && [...lists.queue.keys()].sort().join(" ");
  const known = useRef(ids);
  useEffect(() => {
    if (known.current !== ids && known.current !== null) void refetch();
    known.current = ids;
  }, [ids, refetch]);
  const floor = useMemo(
    (): Floor | undefined => data && (lists ? { ...data, waiting: [...lists.queue.values()] } : data),
    [data, lists],
  );
  return { found, floor };
}

/** The supervisors' floor: what needs them, who waits, who serves whom; and a conversation beside it. */
export function FloorPage() {
  const { t } = useTranslation("floor");
  const { language } = usePrefs();
  const me = useMe();
  const navigate = useNavigate();
  const { open = null } = useSearch({ from: "/inside/floor/now" });
  const { found, floor } = useFloor();
  const settings = useQuery({ ...floorSettings, enabled: may(me, "desk") });
  const now = useNow(1000);
  const assign = useAssign();
  const dragged = useDragged(floor?.waiting ?? [], (one, to) => void assign(one, to));
  const drag = may(me, "desk") ? dragged : null;
  const below = useBelow();
  const [changing, setChanging] = useState<FloorAgent | null>(null);
  const [reading, setReading] = useState<FloorAgent | null>(null);
  const show = useCallback(
    (id: string | null) => void navigate({ to: "/floor/now", search: id === null ? {} : { open: id }, replace: true }),
    [navigate],
  );
  const after = settings.data?.slow_reply.after_s;
  /** Null if the company calls no reply slow. */
  const slow = after === undefined ? slowMs : after === null ? null : after * 1000;
  const lines = useMemo(() => (floor ? agentLines(floor, language) : []), [floor, language]);
  const rows = useMemo(() => byWait(floor?.served ?? []), [floor]);
  const several = useChosen(rows);
  const one = [...(floor?.waiting ?? []), ...rows].find(({ id }) => id === open);
  const step = (by: 1 | -1) => {
    const at = rows.findIndex(({ id }) => id === open);
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next) show(next.id);
  };
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    w: () => void navigate({ to: "/floor/wall" }),
    Escape: () => show(null),
  });
  return (
    <div className="page floor">
      <header className="page-head" data-tour="floor">
        <h1>{t("title")}</h1>
        <span className="s2 t3">{t("about")}</span>
        <span className="grow" />
        <Announce />
      </header>
      <div className={one ? "floor-body floor-reading" : "floor-body"}>
        <div className="page-body floor-bands" data-pane tabIndex={-1}>
          <Failed of={found} />
          {found.isPending && <LoadingRows rows={6} />}
          {floor && (
            <>
              <Needs needs={needsOf(floor, now, slow)} waiting={floor.waiting.length} onOpen={show} />
              <WaitingLines lanes={lanesOf(floor, now)} open={open} below={below} drag={drag} onOpen={show} />
              <Agents
                lines={lines}
                now={now}
                slow={slow}
                open={open}
                drag={drag}
                onOpen={show}
                onState={may(me, "people.manage") ? setChanging : null}
                onHistory={setReading}
              />
              <Served
                rows={rows}
                now={now}
                slow={slow}
                open={open}
                selected={may(me, "desk") ? several.ids : null}
                onOpen={show}
                onChoose={several.choose}
                onAll={(areChosen) => several.all(areChosen ? rows.slice(0, mostAtOnce) : [])}
              />
              <Several chosen={several.chosen} onClear={several.clear} />
            </>
          )}
        </div>
        {one && (
          <FloorPane
            key={one.id}
            one={one}
            onClose={() => show(null)}
            onTaken={(id) => void navigate({ to: "/inbox/$conversation", params: { conversation: id }, search: {} })}
          />
        )}
      </div>
      {changing && <StateDialog agent={changing} onClose={() => setChanging(null)} />}
      {reading && <StatesDialog agent={reading} onClose={() => setReading(null)} />}
    </div>
  );
}
