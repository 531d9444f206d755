// Fields of kinds that fetch what their leads say: where from, and in which version of the vendor's interface.
import type { InBothLanguages } from "../../../domain/configuration/form-words.ts";
import { flag, optionalText } from "../../../config/fields/plain-fields.ts";

export function completionFields(preset: {
  readonly baseUrl: string;
  readonly apiVersion: string;
  readonly vendor: string;
}) {
  const { baseUrl, apiVersion, vendor } = preset;
  return {
    apiVersion: optionalText("api_version", {
      label: { en: "Version of the interface", de: "Version der Schnittstelle" },
      help: {
        en: `In which version of ${vendor}'s interface the data are fetched; ${apiVersion} where nothing is said.`,
        de: `In welcher Version der Schnittstelle von ${vendor} die Daten abgeholt werden; ohne Angabe ${apiVersion}.`,
      },
      example: apiVersion,
      advanced: true,
    }),
    baseUrl: optionalText("base_url", {
      format: "url",
      label: { en: "Address of the interface", de: "Adresse der Schnittstelle" },
      help: {
        en: `Where the data are fetched from; ${baseUrl} where nothing is said. Another one is for tests, or for a gateway of your own.`,
        de: `Woher die Daten abgeholt werden; ohne Angabe ${baseUrl}. Eine andere ist für Tests oder ein eigenes Gateway.`,
      },
      example: baseUrl,
      advanced: true,
    }),
    allowPrivate: flag("allow_private", {
      label: {
        en: "The interface may be at an internal address",
        de: "Schnittstelle darf intern erreichbar sein",
      },
      help: {
        en: "For a `base_url` on this machine or in your own network.",
        de: "Für eine `base_url` auf diesem Rechner oder im eigenen Netz.",
      },
      advanced: true,
      option: {
        text: {
          en: "base_url may be a loopback or private address",
          de: "base_url darf eine Loopback- oder private Adresse sein",
        },
        title: { en: "private addresses", de: "private Adressen" },
        on: { en: "allowed", de: "erlaubt" },
      },
    }),
  } as const;
}

/** About the token's field. */
export const withoutTokenHelp: InBothLanguages = {
  en: "Without it nothing is fetched, and destinations get the ids only.",
  de: "Ohne dieses Token wird nichts abgeholt, und Ziele bekommen nur die Kennungen.",
};
