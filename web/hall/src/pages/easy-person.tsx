/** Easy mode: the way to a person, with what is known about when one answers. */
import { chat, headset } from "@yingda/tokens/icons";
import type { JSX } from "preact";
import { openChat } from "../chat";
import { useWords } from "../context";
import { useSite } from "../data";
import { Icon } from "../ui/icon";
import { serviceState } from "../waits";

export function Person({ unread, plain = false }: { unread: number; plain?: boolean }): JSX.Element {
  const words = useWords();
  const { t } = words;
  const service = useSite().data?.service;
  const closed = service?.open === false;
  const state = service ? serviceState(service, words) : t("easy.person_plain");
  const go = unread > 0 ? t("easy.person_new", { n: unread }) : closed ? t("easy.person_leave") : t("easy.person_go");
  const open = (): void => openChat(unread > 0 ? {} : { human: true });
  if (plain)
    return (
      <button type="button" class="easy-act" onClick={open}>
        <Icon d={headset} />
        {unread > 0 ? go : t("easy.person")}
      </button>
    );
  return (
    <section class="easy-person">
      <h2>
        <Icon d={headset} />
        {t("easy.person")}
      </h2>
      <p>{state}</p>
      <button type="button" onClick={open}>
        <Icon d={chat} />
        {go}
      </button>
    </section>
  );
}
