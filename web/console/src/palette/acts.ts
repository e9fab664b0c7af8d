import { useNavigate } from "@tanstack/react-router";
import type { Permission } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { states, useChangeState } from "../live/change-state";
import type { IconName } from "../lib/icon";
import { ownTour, startTour, turnHelp } from "../lib/learning";
import { choose, usePrefs, type ThemeChoice } from "../lib/prefs";
import { may, useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { languages } from "../shell/languages";
import { useSignOut } from "../shell/sign-out";

const themes: readonly ThemeChoice[] = ["system", "light", "dark", "contrast"];

interface Declared {
  /** Its name is the text `palette:act.<id>`. */
  id: string;
  icon: IconName;
  needs: Permission | null;
  also: string;
}

const state = { icon: "user", needs: "desk", also: "状态 state status" } as const;
const theme = { icon: "contrast", needs: null, also: "外观 主题 theme appearance" } as const;

/** What can be done from anywhere. */
export const declaredActs: readonly Declared[] = [
  { ...state, id: "available", also: `${state.also} 上线 开始接待 online start` },
  { ...state, id: "busy", also: `${state.also} 处理事情 occupied` },
  { ...state, id: "break", also: `${state.also} 休息 离开 away pause` },
  { ...state, id: "offline", also: `${state.also} 下线 下班 stop` },
  { id: "new_product", icon: "plus", needs: "goods.prices", also: "添加商品 add goods" },
  { id: "new_canned_reply", icon: "plus", needs: "canned_replies.edit", also: "添加话术 add snippet" },
  { id: "invite", icon: "plus", needs: "people.manage", also: "添加成员 新员工 add staff agent" },
  { id: "language_zh-CN", icon: "globe", needs: null, also: "语言 language" },
  { id: "language_en", icon: "globe", needs: null, also: "语言 language" },
  { ...theme, id: "theme_system" },
  { ...theme, id: "theme_light", also: `${theme.also} 白天` },
  { ...theme, id: "theme_dark", also: `${theme.also} 夜间 黑色 night` },
  { ...theme, id: "theme_contrast", also: `${theme.also} 无障碍 accessibility` },
  { id: "settings", icon: "text", needs: null, also: "字号 偏好 text size preferences" },
  { id: "help", icon: "help", needs: null, also: "帮助 怎么用 说明 F1 guide" },
  { id: "tour", icon: "play", needs: null, also: "导览 教程 新手引导 guide onboarding walkthrough" },
  { id: "keys", icon: "info", needs: null, also: "键盘 keyboard" },
  { id: "sign_out", icon: "out", needs: null, also: "注销 登出 log out" },
];

export interface Act {
  id: string;
  icon: IconName;
  title: string;
  /** What it does, where the title does not say. */
  note?: string;
  also: string;
  run(): void;
}

/** The actions this member may take now: what is chosen already is not offered. */
export function useActs(onDialog: (name: "settings" | "keys") => void): Act[] {
  const { t } = useTranslation("palette");
  const { t: desk } = useTranslation("desk");
  const me = useMe();
  const prefs = usePrefs();
  const navigate = useNavigate();
  const change = useChangeState();
  const { signOut } = useSignOut();
  const runs: Record<string, () => void> = {
    new_product: () => void navigate({ to: "/goods", search: { open: "new" } }),
    new_canned_reply: () => void navigate({ to: "/bot/canned-replies", search: { open: "new" } }),
    invite: () => void navigate({ to: "/settings/people", search: { open: "new" } }),
    settings: () => onDialog("settings"),
    keys: () => onDialog("keys"),
    help: () => turnHelp(true),
    tour: () => startTour(ownTour(me)),
    sign_out: () => void signOut(),
  };
  for (const one of states)
    if (one !== me.state)
      runs[one] = () =>
        void change.mutateAsync({ state: one }).then(
          () => toast(`${desk("state.mine")} ${desk(`state.${one}`)}`),
          () => undefined, // said where the change is made
        );
  for (const { value } of languages)
    if (value !== prefs.language) runs[`language_${value}`] = () => choose({ language: value });
  for (const value of themes) if (value !== prefs.theme) runs[`theme_${value}`] = () => choose({ theme: value });
  return declaredActs.flatMap(({ id, icon, needs, also }) => {
    const run = runs[id];
    return run && (needs === null || may(me, needs)) ? [{ id, icon, also, title: t(`act.${id}`), run }] : [];
  });
}
