import { useMutation, useQueryClient } from "@tanstack/react-query";
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
  // a busy server is asked again, as for any change
  const { mutateAsync: endSession } = useMutation({
    mutationFn: () =>
      call("DELETE", "/auth/sessions/current").catch((error: unknown) => {
        if (!isProblem(error, "not_signed_in")) throw error;
      }),
  });

  const signOut = async () => {
    setLeaving(true);
    try {
      await endSession();
    } catch (error) {
      toast(problemText(error), "hot");
      setLeaving(false);
      return;
    }
    await router.navigate({ to: "/sign-in", search: {}, ignoreBlocker: true });
    // After the pages that would store it again are gone.
    forget(me.agent);
    noteStart(null);
    forgetPerson(queryClient);
  };
  return { signOut, leaving };
}
