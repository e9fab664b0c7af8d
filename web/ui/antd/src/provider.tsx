import { ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { useMemo, type ReactNode } from "react";
import { spinner } from "./button";
import { yingda, type Language } from "./theme";
import type { ThemeName } from "./tokens";

export interface YingdaProviderProps {
  theme: ThemeName;
  scale: number;
  language: Language;
  /** The page's nonce: the server allows style elements that carry it. */
  nonce?: string | undefined;
  children: ReactNode;
}

export function YingdaProvider({ theme, scale, language, nonce, children }: YingdaProviderProps) {
  const config = useMemo(() => yingda(theme, scale, language), [theme, scale, language]);
  return (
    <ConfigProvider
      theme={config}
      locale={language === "en" ? enUS : zhCN}
      button={{ autoInsertSpace: false, loadingIcon: spinner }}
      wave={{ disabled: true }}
      {...(nonce ? { csp: { nonce } } : {})}
    >
      {children}
    </ConfigProvider>
  );
}
