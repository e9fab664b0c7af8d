import type { GoodsState, StaffGoodsRow } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { useRefused, useUndo } from "../lib/mutations";
import { usePrefs } from "../lib/prefs";
import { isProblem } from "../lib/problem";
import { may, useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { useDeleteGoods, useRestoreGoods, useUpdateGoods } from "./queries";

type Target = Pick<StaffGoodsRow, "id" | "name" | "state" | "updated_at">;

export interface Acts {
  publish(rows: readonly Target[], state: GoodsState): Promise<void>;
  remove(rows: readonly Target[]): Promise<void>;
  restore(rows: readonly Target[]): Promise<void>;
}

/** Runs `act` for each item in turn; returns the results that succeeded and the last refusal. */
async function tryEach<T, R>(all: readonly T[], act: (one: T) => Promise<R>): Promise<{ done: R[]; refusal: unknown }> {
  const done: R[] = [];
  let refusal: unknown = null;
  for (const one of all) {
    try {
      done.push(await act(one));
    } catch (error) {
      refusal = error;
    }
  }
  return { done, refusal };
}

/** Publishing, taking off sale and deleting, one or many; each is reported with an undo, unless it would put goods on sale and the user may not. */
export function useActs(): Acts {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  const refused = useRefused();
  const undo = useUndo();
  const update = useUpdateGoods();
  const remove = useDeleteGoods();
  const restore = useRestoreGoods();
  const sells = may(useMe(), "goods.prices");
  /** Reports what was done to goods that were in these states. */
  const tell = (told: string, before: readonly { state: GoodsState }[], back: () => Promise<unknown>) => {
    if (sells || before.every(({ state }) => state !== "live")) undo(told, back);
    else toast(`${told}${t("told.no_undo")}`);
  };

  /** Runs `act` for each item; reports the last refusal and returns the results that succeeded. */
  const each = async <T, R>(all: readonly T[], act: (one: T) => Promise<R>): Promise<R[]> => {
    const { done, refusal } = await tryEach(all, act);
    if (isProblem(refusal, "category_unknown")) toast(t("restore.no_category"), "hot");
    else if (refusal !== null) refused(refusal);
    return done;
  };
  /** Undoes each; reports what could not be undone instead. */
  const takeBack = async <T, R>(all: readonly T[], act: (one: T) => Promise<R>) => {
    const { refusal } = await tryEach(all, act);
    if (refusal !== null) throw refusal;
  };
  const named = (rows: readonly Target[]) =>
    rows.length === 1 && rows[0] ? say(rows[0].name, language) : t("many", { count: rows.length });

  /** Sets a new state; the result includes the previous one. */
  const set = async (row: Target & { to: GoodsState }) => ({
    ...(await update.mutateAsync({ id: row.id, change: { state: row.to, seen: row.updated_at } })),
    to: row.state,
  });
  /** Deletes one; if it is gone already, that counts as deleted. */
  const drop = async (row: Target) => {
    await remove.mutateAsync(row.id).catch((error: unknown) => {
      if (!isProblem(error, "not_found")) throw error;
    });
    return row;
  };
  return {
    async publish(rows, state) {
      const wanted = rows.filter((row) => row.state !== state);
      const done = await each(
        wanted.map((row) => ({ ...row, to: state })),
        set,
      );
      if (done.length > 0)
        tell(
          t(`told.${state}`, { name: named(done) }),
          done.map(({ to }) => ({ state: to })),
          () => takeBack(done, set),
        );
    },
    async remove(rows) {
      const done = await each(rows, drop);
      if (done.length > 0)
        tell(t("told.deleted", { name: named(done) }), done, () =>
          takeBack(done, (row) => restore.mutateAsync(row.id)),
        );
    },
    async restore(rows) {
      const done = await each(rows, (row) => restore.mutateAsync(row.id));
      if (done.length > 0) undo(t("told.restored", { name: named(done) }), () => takeBack(done, drop));
    },
  };
}
