import { theme as algorithms, type ThemeConfig } from 'antd'
import { token, tokens, type ThemeName } from './tokens'

export type Language = 'zh-CN' | 'en'

/** Our tokens as an Ant Design theme. `scale` is the chosen text size: 1 to 2. */
export function yingda(name: ThemeName, scale = 1, language: Language = 'zh-CN'): ThemeConfig {
  const t = (key: string) => token(tokens[name], key)
  return {
    algorithm: name === 'dark' ? algorithms.darkAlgorithm : algorithms.defaultAlgorithm,
    cssVar: { key: `yingda-${name}` },
    hashed: false,
    token: {
      colorPrimary: t('brand'), colorPrimaryHover: t('brandHover'), colorPrimaryActive: t('brandPress'),
      colorPrimaryBg: t('brandTint'), colorPrimaryBorder: t('brandLine'), colorTextLightSolid: t('onBrand'),
      colorLink: t('brandText'), colorLinkHover: t('brandText'), colorLinkActive: t('brandText'),
      colorSuccess: t('ok'), colorSuccessBg: t('okTint'), colorSuccessBorder: t('okLine'),
      colorWarning: t('warnMark'), colorWarningText: t('warn'), colorWarningBg: t('warnTint'), colorWarningBorder: t('warnLine'),
      colorError: t('hot'), colorErrorText: t('hot'), colorErrorBg: t('hotTint'), colorErrorBorder: t('hotLine'), colorErrorHover: t('hot'), colorErrorActive: t('hot'),
      colorInfo: t('info'), colorInfoBg: t('infoTint'),
      colorBgLayout: t('canvas'), colorBgContainer: t('surface'), colorBgElevated: t('raised'),
      colorText: t('text'), colorTextHeading: t('text'), colorTextSecondary: t('text2'), colorTextTertiary: t('text3'),
      colorTextPlaceholder: t('text3'), colorTextDescription: t('text3'), colorIcon: t('text2'), colorIconHover: t('text'),
      colorBorder: t('lineStrong'), colorBorderSecondary: t('line'), colorSplit: t('line'),
      colorFillSecondary: t('fill'), controlItemBgHover: t('hover'), controlItemBgActive: t('selected'), controlItemBgActiveHover: t('selected'),
      fontFamily: t(language === 'en' ? 'fontEn' : 'fontZh'), fontFamilyCode: t('fontMono'),
      fontSize: 14 * scale, fontSizeSM: 12 * scale, fontSizeLG: 16 * scale, lineHeight: 1.45, fontWeightStrong: 600,
      controlHeight: 32 * scale, controlHeightSM: 26 * scale, controlHeightLG: 40 * scale,
      borderRadius: 8, borderRadiusSM: 6, borderRadiusLG: 12, controlOutlineWidth: 4,
      motionDurationFast: '0.09s', motionDurationMid: '0.16s', motionDurationSlow: '0.26s',
      boxShadow: t('e2'), boxShadowSecondary: t('e2'), zIndexPopupBase: 1000,
    },
    components: {
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', fontWeight: 400, contentFontSizeSM: 13 * scale },
      Table: { headerBg: t('surface'), headerColor: t('text3'), rowHoverBg: t('hover'), headerSplitColor: 'transparent' },
      Tag: { defaultBg: t('fill') },
      Segmented: { trackBg: t('sunken'), itemSelectedBg: name === 'dark' ? t('raised') : t('surface'), itemColor: t('text2'), itemHoverColor: t('text') },
      Tabs: { inkBarColor: t('brand'), itemSelectedColor: t('text') },
      Tooltip: { colorBgSpotlight: t('text'), colorTextLightSolid: t('surface') },
    },
  }
}
