import { Dialog, Switch } from "@yingda/antd";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { choose, scales, usePrefs, type ThemeChoice } from "../lib/prefs";
import { languages } from "./languages";

const themes: readonly ThemeChoice[] = ["system", "light", "dark", "contrast"];

export function SettingsDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = useTranslation("shell");
  const prefs = usePrefs();
  return (
    <Dialog open={open} onClose={onClose} title={t("settings.title")} closeLabel={t("close")}>
      <div className="settings-list">
        <div>
          <span>{t("settings.language")}</span>
          <Choice
            label={t("settings.language")}
            value={prefs.language}
            options={languages}
            onChange={(language) => choose({ language })}
          />
        </div>
        <div>
          <span>{t("settings.theme")}</span>
          <Choice
            label={t("settings.theme")}
            value={prefs.theme}
            options={themes.map((value) => ({ value, word: t(`theme.${value}`) }))}
            onChange={(theme) => choose({ theme })}
          />
        </div>
        <div>
          <span>{t("settings.scale")}</span>
          <Choice
            label={t("settings.scale")}
            value={prefs.scale}
            options={scales.map((value) => ({ value, word: t("settings.percent", { value }) }))}
            onChange={(scale) => choose({ scale })}
          />
        </div>
        <label>
          <span>{t("keys.letters")}</span>
          <Switch checked={prefs.letterKeys} onChange={(letterKeys) => choose({ letterKeys })} />
        </label>
      </div>
      <p className="s1 t3">{t("settings.kept")}</p>
    </Dialog>
  );
}
