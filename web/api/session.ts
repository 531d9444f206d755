// Who is signed in, and what they may do.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { QueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { call } from "./client.ts";
import { isUnauthenticated } from "./problem.ts";
import type { Permission, Session } from "./types.ts";

const key = ["session"] as const;

/** `data` null: nobody is signed in. */
export function useSessionQuery() {
  return useQuery({
    queryKey: key,
    queryFn: async (): Promise<Session | null> => {
      try {
        return await call("GET /session");
      } catch (error) {
        if (isUnauthenticated(error)) return null;
        throw error;
      }
    },
  });
}

export const SignedIn = createContext<Session | null>(null);

/** Inside of what only those who are signed in see. */
export function useSession(): Session {
  const session = useContext(SignedIn);
  if (session === null) throw new Error("nobody is signed in");
  return session;
}

export function useMay(permission: Permission): boolean {
  return useSession().permissions.includes(permission);
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (typed: { readonly login: string; readonly password: string }) =>
      call("POST /session", { body: typed }),
    onSuccess: (session) => {
      forgetEverybodysAnswers(queries);
      queries.setQueryData(key, session);
    },
  });
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => call("DELETE /session"),
    onSuccess: () => {
      forgetEverybodysAnswers(queries);
      queries.setQueryData(key, null);
    },
  });
}

/** What one person was answered is not for the next; the session's own query stays, because the gate looks at it. */
function forgetEverybodysAnswers(queries: QueryClient): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== key[0] });
}

export function useChangeSession() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: { readonly display_name?: string; readonly language?: "de" | "en" }) =>
      call("PATCH /session", { body: change }),
    onSuccess: (session) => queries.setQueryData(key, session),
  });
}
