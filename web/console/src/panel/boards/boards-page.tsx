import { Button } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { Board } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ListPage } from "../../lib/list-page";
import { LoadingRows } from "../../lib/loading";
import { useRefused } from "../../lib/mutations";
import { RowActs } from "../../lib/row-acts";
import { useBoardActs } from "./acts";
import { BoardForm } from "./board-form";
import { starters } from "./model";
import { boards, sent, useCreateBoard } from "./queries";
import "./boards.css";

const kinds = ["service", "bot"] as const;

/** The boards that one sees: one's own and shared ones. */
export function BoardsPage() {
  const { t } = useTranslation("boards");
  const found = useQuery(boards);
  const navigate = useNavigate();
  const refused = useRefused();
  const create = useCreateBoard();
  const actsOf = useBoardActs();
  const [editing, setEditing] = useState<Board | "new" | null>(null);
  const all = found.data?.items ?? [];
  const open = (board: Board) => void navigate({ to: "/reports/boards/$board", params: { board: board.id } });
  const begin = (kind: (typeof kinds)[number]) => {
    const body = { name: t(`starter.${kind}`), shared: false, tiles: starters[kind].map(sent) };
    create.mutate(body, { onSuccess: open, onError: refused });
  };
  return (
    <>
      <ListPage
        data-tour="boards"
        title={t("title")}
        add={{ word: t("new"), run: () => setEditing("new") }}
        of={found}
        rows={all}
        loading={<LoadingRows rows={3} className="card boards-list" />}
        empty={
          <>
            <p>{t("none")}</p>
            <p>{t("none.what")}</p>
            <p className="row wrap boards-starters">
              {kinds.map((kind) => (
                <Button key={kind} disabled={create.isPending} onClick={() => begin(kind)}>
                  {t("starter.begin", { name: t(`starter.${kind}`) })}
                </Button>
              ))}
            </p>
          </>
        }
      >
        <ul className="card boards-list" aria-label={t("title")}>
          {all.map((board) => (
            <li key={board.id} className="row" aria-label={board.name}>
              <Link className="num b" to="/reports/boards/$board" params={{ board: board.id }}>
                {board.name}
              </Link>
              <span className="boards-tiles s2 t3 grow">{t("tiles", { count: board.tiles.length })}</span>
              <span className="tag">{t(board.shared ? (board.own ? "shared.own" : "shared.other") : "private")}</span>
              <RowActs
                name={board.name}
                acts={actsOf(board, { edit: () => setEditing(board), copied: open, deleted: () => undefined })}
              />
            </li>
          ))}
        </ul>
      </ListPage>
      {editing !== null && (
        <BoardForm
          key={editing === "new" ? "new" : editing.id}
          board={editing === "new" ? null : editing}
          onSaved={(board) => editing === "new" && open(board)}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  );
}
