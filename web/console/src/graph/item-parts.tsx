import { Link } from "@tanstack/react-router";
import type { GraphItem } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { Finder } from "../lib/finder";
import { Icon } from "../lib/icon";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import type { Editor } from "../lib/use-editor";
import { relationKinds, type Fields } from "./fields";
import { foundEntries, foundItems } from "./queries";

type ItemEditor = Editor<GraphItem, Fields>;

interface OfItem {
  item: GraphItem;
  name: string;
}

/** The other products and plans that a product or a plan goes with or takes the place of. */
export function Relations({ editor: { fields, set, faults }, item, name }: OfItem & { editor: ItemEditor }) {
  const { t } = useTranslation("curate");
  const { language } = usePrefs();
  return (
    <section className="graph-part" aria-label={t("graph.relations")}>
      <h3>{t("graph.relations")}</h3>
      <p className="s2 t3">{t("graph.relations.what", { name })}</p>
      {fields.relations.length > 0 && (
        <ul className="graph-chosen">
          {fields.relations.map((one, at) => (
            <li key={`${one.kind} ${one.id}`}>
              <span className="grow">{one.title}</span>
              <Choice
                label={t("graph.kind.of", { name: one.title })}
                value={one.kind}
                options={relationKinds.map((kind) => ({ value: kind, word: t(`graph.kind.${kind}`) }))}
                onChange={(kind) =>
                  set({ relations: fields.relations.map((other, i) => (i === at ? { ...other, kind } : other)) })
                }
              />
              <button
                type="button"
                className="ib s"
                aria-label={t("graph.remove", { name: one.title })}
                title={t("graph.remove", { name: one.title })}
                onClick={() => set({ relations: fields.relations.filter((_, i) => i !== at) })}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Finder
        label={t("graph.relations.add")}
        error={faults.relations}
        find={foundItems}
        show={({ id, name }) => ({ id, title: say(name, language) })}
        without={[item.id, ...fields.relations.map(({ id }) => id)]}
        onPick={(one) => set({ relations: [...fields.relations, { ...one, kind: "compatible_with" }] })}
      />
    </section>
  );
}

/** The entries of the knowledge that are about an item. */
export function Questions({ editor: { fields, set, faults } }: { editor: ItemEditor }) {
  const { t } = useTranslation("curate");
  const { language } = usePrefs();
  return (
    <section className="graph-part" aria-label={t("graph.faqs")}>
      <h3>{t("graph.faqs")}</h3>
      <p className="s2 t3">{t("graph.faqs.what")}</p>
      {fields.faqs.length > 0 && (
        <ul className="graph-chosen">
          {fields.faqs.map((one) => (
            <li key={one.id}>
              <span className="grow">{one.title}</span>
              <button
                type="button"
                className="ib s"
                aria-label={t("graph.remove", { name: one.title })}
                title={t("graph.remove", { name: one.title })}
                onClick={() => set({ faqs: fields.faqs.filter(({ id }) => id !== one.id) })}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Finder
        label={t("graph.faqs.add")}
        error={faults.faqs}
        find={foundEntries}
        show={({ id, question }) => ({ id, title: question ? say(question, language) : id })}
        without={fields.faqs.map(({ id }) => id)}
        onPick={(one) => set({ faqs: [...fields.faqs, one] })}
      />
    </section>
  );
}

/** The items whose relations lead here. */
export function ReferredBy({ item, name }: OfItem) {
  const { t } = useTranslation("curate");
  const { language } = usePrefs();
  if (item.referred_by.length === 0) return null;
  return (
    <section className="graph-part" aria-label={t("graph.referred")}>
      <h3>{t("graph.referred")}</h3>
      <ul className="graph-chosen">
        {item.referred_by.map((one) => (
          <li key={`${one.kind} ${one.item}`}>
            <Link from="/bot/graph" to="/bot/graph" search={(before) => ({ ...before, item: one.item })}>
              <bdi>{one.name ? say(one.name, language) : one.item}</bdi>
            </Link>
            <span className="t2">{t(`graph.is.${one.kind}`, { name })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
