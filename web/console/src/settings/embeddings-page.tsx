import { useQuery } from "@tanstack/react-query";
import type { Embeddings } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { dayAndTime } from "../lib/format";
import { Failed } from "../lib/failed";
import { LoadingCards } from "../lib/loading";
import { Page } from "../lib/page";
import { useMe } from "../lib/session";
import { embeddings } from "./queries";
import "./settings.css";

const tones = { unused: "tag", working: "tag ok", failing: "tag hot" } as const;

function Failure({ of }: { of: NonNullable<Embeddings["model"]>["failure"] }) {
  const { t } = useTranslation("settings");
  const me = useMe();
  if (of === null) return <dd>{t("embeddings.failure.none")}</dd>;
  return (
    <dd>
      <time dateTime={new Date(of.at).toISOString()}>{dayAndTime(of.at, me.time_zone)}</time>{" "}
      <span>{t(`embeddings.failure.${of.kind}`)}</span>
      <div className="s2 t3" lang="en">
        {of.detail}
      </div>
    </dd>
  );
}

function ModelCard({ model, weights }: { model: NonNullable<Embeddings["model"]>; weights: Embeddings["weights"] }) {
  const { t } = useTranslation("settings");
  const weight = (lang: "zh" | "en") =>
    weights === null ? t("embeddings.weight.not_yet") : (weights[lang]?.toFixed(2) ?? t("embeddings.weight.none"));
  return (
    <section className="card settings-one" aria-label={t("embeddings.model")}>
      <dl className="settings-facts">
        <dt>{t("embeddings.model")}</dt>
        <dd>
          <code>{model.name}</code>
        </dd>
        <dt>{t("embeddings.place")}</dt>
        <dd>{t(`embeddings.place.${model.place}`)}</dd>
        <dt>{t("embeddings.state")}</dt>
        <dd>
          <span className={tones[model.condition]}>{t(`embeddings.state.${model.condition}`)}</span>
        </dd>
        <dt>{t("embeddings.dimensions")}</dt>
        <dd>{model.dimensions ?? t("embeddings.unknown")}</dd>
        <dt>{t("embeddings.weight.zh")}</dt>
        <dd>{weight("zh")}</dd>
        <dt>{t("embeddings.weight.en")}</dt>
        <dd>{weight("en")}</dd>
        <dt>{t("embeddings.failure")}</dt>
        <Failure of={model.failure} />
      </dl>
      <p className="s2 t3">{t("embeddings.node")}</p>
    </section>
  );
}

/** How the model of sentence embeddings is doing. It is set up in the configuration file, so there is nothing to edit. */
export function EmbeddingsPage() {
  const { t } = useTranslation("settings");
  const found = useQuery(embeddings);
  return (
    <Page title={t("side.embeddings")} about={t("embeddings.about")}>
      <Failed of={found} />
      {found.isPending && <LoadingCards cards={1} lines={6} className="settings-page-form" card="card settings-one" />}
      {found.data?.model === null && <p className="empty">{t("embeddings.none")}</p>}
      {found.data?.model && <ModelCard model={found.data.model} weights={found.data.weights} />}
    </Page>
  );
}
