import { useTranslation } from "react-i18next";
import { CheckGroup } from "./check-group";
import { useGrantWords, type Held, type Possible } from "./grants";
import { reaches } from "./roles";
import { may, useMe } from "./session";

interface GrantFieldsProps {
  possible: readonly Possible[];
  held: Held;
  error: string | undefined;
  onChange(held: Held): void;
}

/** Chooses permissions with their reaches. What the member does not hold is offered only to be taken away. */
export function GrantFields({ possible, held, error, onChange }: GrantFieldsProps) {
  const { t } = useTranslation("settings");
  const me = useMe();
  const words = useGrantWords();
  const isOffered = ({ permission }: Possible, id: string, reach: Possible["reach"][number]) =>
    held.includes(id) || (may(me, permission) && reaches(me, permission, "company", reach));
  const offered = possible
    .map((one) => ({
      ...one,
      options: one.reach
        .map((reach) => ({ id: `${one.permission}:${reach}`, reach }))
        .filter(({ id, reach }) => isOffered(one, id, reach)),
    }))
    .filter(({ options }) => options.length > 0);
  const plain = offered.filter(({ reach }) => reach.length === 1);
  const wide = offered.filter(({ reach }) => reach.length > 1);
  /** Replaces what is held of some permissions. */
  const replace = (of: readonly Possible[], next: Held) =>
    onChange([...held.filter((id) => !of.some(({ permission }) => id.startsWith(`${permission}:`))), ...next]);
  const chosen = (of: readonly Possible[]) =>
    held.filter((id) => of.some(({ permission }) => id.startsWith(`${permission}:`)));
  return (
    <>
      {wide.map((one) => (
        <CheckGroup
          key={one.permission}
          legend={t(`permission.${one.permission}`)}
          options={one.options.map(({ id, reach }) => ({ id, label: t(`reach.${reach}`) }))}
          chosen={chosen([one])}
          wide
          onChange={(next) => replace([one], next)}
        />
      ))}
      <CheckGroup
        legend={wide.length === 0 ? t("field.grants") : t("field.grants.other")}
        options={plain.flatMap((one) => one.options.map(({ id }) => ({ id, label: words(one) })))}
        chosen={chosen(plain)}
        error={error}
        wide
        onChange={(next) => replace(plain, next)}
      />
    </>
  );
}
