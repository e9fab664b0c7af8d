import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useAccount } from "../account";
import { go, type Route } from "../router";
import { useWords } from "../context";
import { Boxes, Skeleton } from "../ui/states";
import { AccountPage } from "./account/account";
import { ForgotPage, RegisterPage, ResetPage, SignInPage } from "./account/door";
import { PrivacyPage } from "./account/privacy";
import { TalkPage } from "./account/talk";
import "./account/words";

/** A page that needs someone to be signed in: asks for that first, and returns here afterwards. */
function Signed({
  children,
  next,
}: {
  children: (customer: NonNullable<ReturnType<typeof useAccount>>) => JSX.Element;
  next: string;
}): JSX.Element {
  const account = useAccount();
  useEffect(() => {
    if (account === null) go(`/sign-in?next=${encodeURIComponent(next)}`, { replace: true });
  }, [account, next]);
  return account ? (
    children(account)
  ) : (
    <div class="wrap">
      <Skeleton slow={false}>
        <Boxes count={3} class="account-bone" />
      </Skeleton>
    </div>
  );
}

export function AccountPages({ route, query }: { route: Route; query: URLSearchParams }): JSX.Element {
  const { lang } = useWords();
  const account = useAccount();
  // Nobody who is signed in already needs these pages.
  const atDoor = route.name === "sign-in" || route.name === "register";
  const id = account?.id;
  useEffect(() => {
    if (atDoor && id !== undefined) go("/account", { replace: true });
  }, [atDoor, id]);
  switch (route.name) {
    case "sign-in":
      return <SignInPage query={query} />;
    case "register":
      return <RegisterPage query={query} />;
    case "forgot":
      return <ForgotPage query={query} />;
    case "reset":
      return <ResetPage query={query} />;
    case "privacy":
      return <PrivacyPage key={`${id ?? ""} ${lang}`} />;
    case "talk":
      return (
        <Signed next={`/account/conversations/${route.id}`}>{() => <TalkPage key={route.id} id={route.id} />}</Signed>
      );
    default:
      return (
        <Signed next="/account">
          {(customer) => <AccountPage key={`${customer.id} ${lang}`} customer={customer} />}
        </Signed>
      );
  }
}
