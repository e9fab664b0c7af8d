import { Button, Dialog } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { GoodsState, StaffPlan } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { Filter } from "../lib/filter";
import { say } from "../lib/i18n";
import { ListPage } from "../lib/list-page";
import { LoadingRows } from "../lib/loading";
import { useRefused, useUndo } from "../lib/mutations";
import { usePrefs } from "../lib/prefs";
import type { Act } from "../lib/row-acts";
import { SearchField } from "../lib/search-field";
import { may, useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { useTyped } from "../lib/use-typed";
import { PlanForm } from "./plan-form";
import { PlansTable } from "./plans-table";
import { plan, plans, useDeletePlan, useRestorePlan, useUpdatePlan } from "./queries";
import { states, type PlansSearch } from "./search";
import "./plans.css";

/** Publishing, withdrawing, deleting and restoring; each is reported with an undo, unless it would offer a plan and the user may not. */
function useActs() {
  const { t } = useTranslation("plans");
  const { language } = usePrefs();
  const refused = useRefused();
  const undo = useUndo();
  const update = useUpdatePlan();
  const remove = useDeletePlan();
  const restore = useRestorePlan();
  const sells = may(useMe(), "goods.prices");
  /** Reports what was done to a plan as it was before. */
  const tell = (what: string, of: StaffPlan, back: () => Promise<unknown>) => {
    const told = t(`told.${what}`, { name: say(of.name, language) });
    if (sells || of.state !== "live" || what === "restored") undo(told, back);
    else toast(`${told}${t("told.no_undo")}`);
  };
  return {
    async publish(of: StaffPlan, state: GoodsState) {
      try {
        const done = await update.mutateAsync({ id: of.id, state, seen: of.updated_at });
        tell(state, of, () => update.mutateAsync({ id: of.id, state: of.state, seen: done.updated_at }));
      } catch (error) {
        refused(error);
      }
    },
    async remove(of: StaffPlan) {
      try {
        await remove.mutateAsync(of.id);
        tell("deleted", of, () => restore.mutateAsync(of.id));
      } catch (error) {
        refused(error);
      }
    },
    async restore(of: StaffPlan) {
      try {
        await restore.mutateAsync(of.id);
        tell("restored", of, () => remove.mutateAsync(of.id));
      } catch (error) {
        refused(error);
      }
    },
  };
}

interface DrawerProps {
  id: string;
  onDelete(plan: StaffPlan): void;
  onClose(): void;
}

/** A plan beside the list: a new one, or the one with this id. */
function PlanDrawer({ id, onDelete, onClose }: DrawerProps) {
  const { t } = useTranslation("plans");
  const { t: shell } = useTranslation("shell");
  const found = useQuery({ ...plan(id), enabled: id !== "new" });
  if (id === "new") return <PlanForm plan={null} onDelete={onDelete} onClose={onClose} />;
  if (found.data) return <PlanForm plan={found.data} onDelete={onDelete} onClose={onClose} />;
  return (
    <Dialog open placement="end" width="42rem" title={t("loading")} closeLabel={shell("close")} onClose={onClose}>
      {found.isError ? <Failed of={found} /> : <LoadingRows rows={6} />}
    </Dialog>
  );
}

/** What customers pay monthly: searched, edited, published and withdrawn. */
export function PlansPage() {
  const { t } = useTranslation("plans");
  const navigate = useNavigate({ from: "/goods/plans" });
  const { open, ...search } = useSearch({ from: "/inside/goods/plans" });
  const set = (change: Partial<Record<keyof PlansSearch, unknown>>) =>
    void navigate({
      search: (before): PlansSearch =>
        Object.fromEntries(
          Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined && value !== ""),
        ),
      replace: !("open" in change),
    });
  const [words, setWords] = useTyped(search.q ?? "", (q) => set({ q }));
  const found = useQuery(plans(search));
  const acts = useActs();
  // A new plan needs a fee, and one that is put on sale is offered at its fee.
  const adds = may(useMe(), "goods.prices");
  const rows = found.data?.items ?? [];
  const narrowed = Object.keys(search).length > 0;
  const actsOf = (row: StaffPlan, name: string): Act[] => {
    const restoring = { word: t("restore"), label: t("restore.one", { name }), run: () => void acts.restore(row) };
    if (row.deleted_at !== undefined) return adds || row.state !== "live" ? [restoring] : [];
    const moving = {
      word: t(row.state === "live" ? "take_off" : "publish"),
      label: t(row.state === "live" ? "take_off.one" : "publish.one", { name }),
      run: () => void acts.publish(row, row.state === "live" ? "off" : "live"),
    };
    return [
      ...(adds || row.state === "live" ? [moving] : []),
      { word: t("edit"), label: t("edit.one", { name }), run: () => set({ open: row.id }) },
      { word: t("delete"), label: t("delete.one", { name }), run: () => void acts.remove(row) },
    ];
  };
  return (
    <>
      <ListPage
        title={t("title")}
        about={<span className="s2 t3">{found.isSuccess && t("total", { count: rows.length })}</span>}
        add={adds ? { word: t("new"), run: () => set({ open: "new" }) } : null}
        className="plans-body"
        of={found}
        rows={rows}
        above={
          <div className="row wrap" role="search">
            <SearchField className="plans-search" label={t("search")} value={words} onChange={setWords} />
            <Filter
              label={t("field.state")}
              all={t("all.states")}
              options={([...states, "deleted"] as const).map((state) => ({ value: state, word: t(`state.${state}`) }))}
              value={search.deleted ? "deleted" : search.state}
              onChange={(state) =>
                set(state === "deleted" ? { state: undefined, deleted: true } : { state, deleted: undefined })
              }
            />
          </div>
        }
        loading={<LoadingRows rows={8} className="card" />}
        empty={
          <>
            <p>{t(search.deleted ? "empty.deleted" : narrowed ? "empty.search" : "empty")}</p>
            {narrowed && (
              <Button
                onClick={() => {
                  setWords("");
                  void navigate({ search: {} });
                }}
              >
                {t("search.clear")}
              </Button>
            )}
          </>
        }
      >
        <PlansTable rows={rows} busy={found.isPlaceholderData} actsOf={actsOf} />
      </ListPage>
      {open !== undefined && (adds || open !== "new") && (
        <PlanDrawer
          key={open}
          id={open}
          onDelete={(gone) => {
            set({ open: undefined });
            void acts.remove(gone);
          }}
          onClose={() => set({ open: undefined })}
        />
      )}
    </>
  );
}
