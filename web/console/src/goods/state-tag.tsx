import type { GoodsState } from "@yingda/api/types";
import { useTranslation } from "react-i18next";

const tones: Record<GoodsState, string> = { live: "tag ok", draft: "tag warn", off: "tag" };

export function StateTag({ state }: { state: GoodsState }) {
  const { t } = useTranslation("goods");
  return <span className={tones[state]}>{t(`state.${state}`)}</span>;
}
