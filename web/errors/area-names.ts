// Where codes are met, in words.
import type { ErrorExplanation } from "../api/types.ts";
import type { Language } from "../language/language.tsx";

export const areaNames: Readonly<Record<Language, Readonly<Record<ErrorExplanation["area"], string>>>> = {
  de: {
    alarm: "Warnungen der Übersicht",
    http: "Antworten des Servers",
    delivery: "Zustellung und Klärfälle",
    operation: "Sammelaktionen",
    configuration: "Einrichtung",
    start: "Start",
    database: "Datenbank",
    health: "Funktionsprüfung",
    log: "Aufzeichnungen des Servers",
    verify: "Prüfung der Bücher",
  },
  en: {
    alarm: "Warnings of the overview",
    http: "Answers of the server",
    delivery: "Delivery and what needs attention",
    operation: "Bulk actions",
    configuration: "Configuration",
    start: "Start",
    database: "Database",
    health: "Health",
    log: "The server's log",
    verify: "Verification of the books",
  },
};
