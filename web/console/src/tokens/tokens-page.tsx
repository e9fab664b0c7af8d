import { useQuery } from "@tanstack/react-query";
import type { ApiToken } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ListPage } from "../lib/list-page";
import { LoadingCards } from "../lib/loading";
import { ShownOnce } from "../lib/shown-once";
import { tokens } from "./queries";
import { RotateForm } from "./rotate-form";
import { TokenCard } from "./token-card";
import { TokenForm } from "./token-form";
import "./tokens.css";

/** Tokens of programs. */
export function TokensPage() {
  const { t } = useTranslation("tokens");
  const found = useQuery(tokens);
  const [open, setOpen] = useState<ApiToken | "new" | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const all = found.data?.items ?? [];
  return (
    <>
      <ListPage
        title={t("title")}
        about={<span className="s2 t3 token-about">{t("about")}</span>}
        add={{ word: t("new"), run: () => setOpen("new") }}
        of={found}
        rows={all}
        loading={<LoadingCards cards={2} lines={3} className="token-list" card="card token-card" />}
        empty={
          <>
            <p>{t("empty")}</p>
            <p>{t("empty.what")}</p>
          </>
        }
      >
        <ul className="token-list" aria-label={t("title")}>
          {all.map((token) => (
            <TokenCard key={token.id} token={token} onRotate={() => setOpen(token)} />
          ))}
        </ul>
      </ListPage>
      {open === "new" && <TokenForm onClose={() => setOpen(null)} onSecret={setSecret} />}
      {open !== null && open !== "new" && (
        <RotateForm key={open.id} token={open} onClose={() => setOpen(null)} onSecret={setSecret} />
      )}
      {secret !== null && (
        <ShownOnce
          title={t("secret.title")}
          once={t("secret.once")}
          label={t("secret")}
          value={secret}
          what={t("secret.what")}
          onClose={() => setSecret(null)}
        />
      )}
    </>
  );
}
