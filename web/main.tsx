// Starts the dashboard in the page.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
// In a layer of its own, so that our styles win whatever order the chunks come in.
import "@mantine/core/styles.layer.css";
import "./global.css";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Router } from "wouter";
import { App } from "./app.tsx";
import { callBelow } from "./api/client.ts";
import { basePath } from "./api/root.ts";
import { isUnauthenticated, Unreachable } from "./api/problem.ts";
import { LanguageProvider } from "./language/language.tsx";
import { theme } from "./theme.ts";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // Live events make old what changed; this is for what they do not tell.
      staleTime: 30_000,
      retry: (attempts, error) => error instanceof Unreachable && attempts < 2,
      networkMode: "always",
    },
    // What was typed or shown once, passwords and keys, is forgotten with the form.
    mutations: { networkMode: "always", gcTime: 0 },
  },
});

// A session that ended anywhere shows the sign-in form, whatever was asked for.
queries.getQueryCache().subscribe(({ query }) => {
  const [name] = query.queryKey as readonly unknown[];
  if (isUnauthenticated(query.state.error) && name !== "session") {
    void queries.invalidateQueries({ queryKey: ["session"] });
  }
});

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.nonce ?? "";
const root = document.getElementById("root");
if (root === null) throw new Error("the page has no place for the dashboard");

callBelow(basePath);
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <QueryClientProvider client={queries}>
        <LanguageProvider>
          <Router base={basePath}>
            <App />
          </Router>
        </LanguageProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
