import type { JSX } from "preact";
import { useWords } from "../context";
import { PageTitle } from "../ui/page-title";
import { Empty } from "../ui/states";

export function MissingPage(): JSX.Element {
  const { t } = useWords();
  return (
    <div class="wrap">
      <PageTitle title={t("states.missing_title")} />
      <Empty text={t("states.missing")}>
        <a class="btn primary" href="/">
          {t("states.to_home")}
        </a>
      </Empty>
    </div>
  );
}
