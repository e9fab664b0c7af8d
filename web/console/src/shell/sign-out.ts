import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "@yingda/api/client";
import { isProblem, useProblemText } from "../lib/problem";
import { forgetPerson, useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { forget } from "../live/place";
import { noteStart } from "./ahead";

/** Signs out and leads to the sign-in page; `leaving` while the server is asked. */
export function useSignOut() {
  const me = useMe();
  const router = useRouter();
  const queryClient = useQueryClient();
  const problemText = useProblemText();
  const [leaving, setLeaving] = useState(false);

  const signOut = async () => {
    setLeaving(true);
    try {
      await call("DELETE", "/auth/sessions/current");
    } catch (error) {
      if (!isProblem(error, "not_signed_in")) {
        toast(problemText(error), "hot");
        setLeaving(false);
        return;
      }
    }
    await router.navigate({ to: "/sign-in", search: {} });
    // After the pages that would store it again are gone.
    forget(me.agent);
    noteStart(null);
    forgetPerson(queryClient);
  };
  return { signOut, leaving };
}
