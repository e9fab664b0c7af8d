import { useRoles, useRoleWord } from "./roles";

/** The roles that the member can give, as the options of a choice; `keep` are given already. */
export function RoleOptions({ keep = [] }: { keep?: readonly (string | null | undefined)[] }) {
  const roleWord = useRoleWord();
  const all = useRoles();
  const gone = keep.filter((role) => role && !all.some(({ id }) => id === role)) as string[];
  return (
    <>
      {all
        .filter(({ id, may_give }) => may_give || keep.includes(id))
        .map(({ id, name }) => (
          <option key={id} value={id}>
            {roleWord(id, name)}
          </option>
        ))}
      {gone.map((id) => (
        <option key={id} value={id}>
          {roleWord(id)}
        </option>
      ))}
    </>
  );
}
