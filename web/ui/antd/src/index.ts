export { Button } from "./button";
export { Slider, Switch, Tooltip } from "antd";
export { Input } from "./input";
export { Dialog, type DialogProps } from "./dialog";
export { place, Popup, type PopupProps, type PopupTrigger } from "./popup";
export { YingdaProvider, type YingdaProviderProps } from "./provider";
export { yingda, type Language } from "./theme";
export { parseTokens, themeNames, token, tokens, type ThemeName, type Tokens } from "./tokens";
