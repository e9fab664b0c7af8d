import type { Say, Words } from "@yingda/api/kind";
import type { EntryOf } from "@yingda/api/kinds";

/** What the customer said that it is about, as a line of the conversation. */
export function aboutWords({ body }: EntryOf<"asked_about">, say: Say = ({ zh }) => zh): Words {
  if (!body) return ["system.erased"];
  if (!body.question) return ["system.about_skipped"];
  const question = say(body.question.name);
  const details = (body.details ?? []).map((one) =>
    say({ zh: "{l}：{t}", en: "{l}: {t}" })
      .replace("{l}", say(one.label))
      .replace("{t}", () => one.text),
  );
  return details.length === 0
    ? ["system.about", { question }]
    : ["system.about_details", { question, details: details.join(say({ zh: "；", en: "; " })) }];
}
