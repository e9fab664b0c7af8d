import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { isProblem } from "./lib/problem";
import { usePageLook, usePrefs, useTheme } from "./lib/prefs";
import { signedOut } from "./lib/session";
import { Toasts } from "./lib/toast";
import { makeRouter } from "./router";

/** The number of times a busy server is asked again. */
const patience = 4;

export function makeQueryClient() {
  const onError = (error: unknown) => {
    if (isProblem(error, "not_signed_in")) signedOut.set((times) => times + 1);
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (failures, error) => (isProblem(error, "network") || isProblem(error, "busy")) && failures < 3,
        refetchOnWindowFocus: true,
      },
      // A busy server has done nothing; the repeated request has the same key.
      mutations: {
        retry: (times, error) => times < patience && isProblem(error, "busy"),
        retryDelay: (_, error) => (isProblem(error) ? (error.retryAfter ?? 1) : 1) * 1000,
      },
    },
  });
}

const queryClient = makeQueryClient();
export const router = makeRouter(queryClient);

export function App() {
  const prefs = usePrefs();
  const theme = useTheme(prefs.theme);
  usePageLook(prefs.language, theme, prefs.scale);
  return (
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <Toasts />
    </QueryClientProvider>
  );
}
