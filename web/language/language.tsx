// Which language the dashboard speaks, and the texts of a view in it. Each view keeps its texts beside itself, in both.
import { createContext, useContext, useEffect, useMemo, useState } from "react";
import type { ReactNode } from "react";
import { speak } from "../api/client.ts";
import type { Language } from "./languages.ts";

export type { Language } from "./languages.ts";

interface Speaking {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
}

const rememberedAs = "leadledger-language";

const SpeakingContext = createContext<Speaking>({ language: "de", setLanguage: () => undefined });

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(rememberedLanguage);
  // Before the children ask the API for anything.
  speak(language);
  useEffect(() => {
    document.documentElement.lang = language;
    localStorage.setItem(rememberedAs, language);
  }, [language]);
  const speaking = useMemo(() => ({ language, setLanguage }), [language]);
  return <SpeakingContext value={speaking}>{children}</SpeakingContext>;
}

export function useLanguage(): Speaking {
  return useContext(SpeakingContext);
}

/** `texts` in the reader's language. Both must have the same members. */
export function useTexts<Texts>(texts: Readonly<Record<Language, Texts>>): Texts {
  return texts[useLanguage().language];
}

function rememberedLanguage(): Language {
  const remembered = localStorage.getItem(rememberedAs);
  if (remembered === "de" || remembered === "en") return remembered;
  return navigator.language.toLowerCase().startsWith("de") ? "de" : "en";
}
