import { useQuery } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";

/** Whose console this is: each company of an installation has one at an address of its own. */
export function CompanyName() {
  const { language } = usePrefs();
  const { data } = useQuery({
    queryKey: ["hall"],
    queryFn: ({ signal }) => call("GET", "/hall", { signal }),
    retry: false,
  });
  return data ? (
    <p className="signin-company" dir="auto">
      {say(data.tenant, language)}
    </p>
  ) : null;
}
