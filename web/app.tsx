// The gate: whoever is signed in sees the dashboard, everybody else the sign-in form.
import { useEffect } from "react";
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
      {(known) => (known === null ? <SignIn /> : <SignedInApp session={known} />)}
    </QueryState>
  );
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
