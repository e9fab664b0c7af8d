import { Popup } from "@yingda/antd";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";

const emoji = [
  ..."😀😃😄😁😊🙂😉😍🥰😋😎🤗🤔😅😂🥲😢😭😔😞😟😳😱😴🤝👍👌👏🙏💪👋✌️🎉🎁🌹❤️💯✅❗❓⏰📦📱💡🔧📷🚚💰🧧".matchAll(
    /\p{Extended_Pictographic}\uFE0F?/gu,
  ),
].map(([one]) => one);

export function EmojiPicker({ onPick }: { onPick(emoji: string): void }) {
  const { t } = useTranslation("desk");
  return (
    <Popup
      label={t("composer.emoji")}
      side="above"
      className="emoji"
      trigger={(props) => (
        <button {...props} className="ib s" aria-label={t("composer.emoji")} title={t("composer.emoji")}>
          <Icon name="smile" />
        </button>
      )}
    >
      {(close) =>
        emoji.map((one) => (
          <button
            key={one}
            type="button"
            className="ib"
            onClick={() => {
              close();
              onPick(one);
            }}
          >
            {one}
          </button>
        ))
      }
    </Popup>
  );
}
