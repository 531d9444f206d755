// The gate: whoever is signed in sees the dashboard, everybody else the sign-in form.
import { useEffect } from "react";
import { useLocation } from "wouter";
import ConfirmAlerts from "./alerts/confirm.tsx";
import { SignedIn, useSessionQuery } from "./api/session.ts";
import type { Session } from "./api/types.ts";
import { useLanguage } from "./language/language.tsx";
import { QueryState } from "./ui/query-state.tsx";
import { Shell } from "./shell/shell.tsx";
import { SignIn } from "./shell/sign-in.tsx";

export function App() {
  const session = useSessionQuery();
  return (
    <QueryState query={session} isWholePage>
      {(known) => (known === null ? <SignedOut /> : <SignedInApp session={known} />)}
    </QueryState>
  );
}

/** Whoever confirms that alerts arrive need not be able to sign in. */
function SignedOut() {
  const [location] = useLocation();
  return location === "/confirm-alerts" ? <ConfirmAlerts /> : <SignIn />;
}

function SignedInApp({ session }: { readonly session: Session }) {
  const { setLanguage } = useLanguage();
  const ownLanguage = session.user?.language;
  useEffect(() => {
    if (ownLanguage !== undefined) setLanguage(ownLanguage);
  }, [ownLanguage, setLanguage]);
  return (
    <SignedIn value={session}>
      <Shell />
    </SignedIn>
  );
}
