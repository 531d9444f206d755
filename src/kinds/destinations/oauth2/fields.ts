// What is to say where access tokens are fetched: OAuth 2.0 client credentials (RFC 6749 section 4.4).
import type { SettingsOf } from "../../../config/fields/field.ts";
import { choice, optionalText, text } from "../../../config/fields/plain-fields.ts";
import { otherUrl, secretText } from "../../../config/fields/secret-fields.ts";

export const clientCredentialsFields = {
  tokenUrl: otherUrl("token_url", {
    label: { en: "Address of the token server", de: "Adresse des Token-Servers (Token-URL)" },
    help: {
      en: "Where access tokens are fetched, as the receiver's documentation names it. A token is kept until shortly before it ends.",
      de: "Wo Zugriffstokens geholt werden, wie in der Dokumentation des Empfängers angegeben. Ein Token wird behalten, bis es beinahe abgelaufen ist.",
    },
    example: "https://login.example/oauth2/token",
  }),
  clientId: text("client_id", {
    label: { en: "Client ID", de: "Client-ID" },
    help: {
      en: "Of the application that the receiver registered for you.",
      de: "Der Anwendung, die beim Empfänger für Sie angelegt ist.",
    },
    example: "leadledger",
  }),
  clientSecret: secretText("client_secret", {
    label: { en: "Client secret", de: "Client-Secret" },
    help: {
      en: "Of the same application. Many of them end at some date: note when.",
      de: "Derselben Anwendung. Viele laufen an einem bestimmten Tag ab: Notieren Sie sich, wann.",
    },
  }),
  scope: optionalText("scope", {
    label: { en: "Scope", de: "Scope" },
    help: {
      en: "What the token is to allow; several are separated by spaces. Empty: what the token server gives anyway.",
      de: "Was das Token erlauben soll; mehrere durch Leerzeichen getrennt. Leer: was der Token-Server ohnehin vergibt.",
    },
    example: "leads.write",
  }),
  audience: optionalText("audience", {
    label: { en: "Audience", de: "Audience" },
    help: {
      en: "For which interface the token is. Only where the token server asks for it (Auth0, for example).",
      de: "Für welche Schnittstelle das Token gilt. Nur, wo der Token-Server es verlangt (zum Beispiel Auth0).",
    },
    example: "https://api.example/",
    advanced: true,
  }),
  clientAuth: choice("client_auth", {
    label: { en: "How ID and secret are sent", de: "Wie ID und Secret gesendet werden" },
    help: {
      en: "To the token server.",
      de: "An den Token-Server.",
    },
    advanced: true,
    options: [
      {
        value: "basic",
        label: { en: "In the header (HTTP Basic)", de: "Im Header (HTTP Basic)" },
        help: {
          en: "Every token server has to take them so (RFC 6749).",
          de: "So muss jeder Token-Server sie annehmen (RFC 6749).",
        },
      },
      {
        value: "body",
        label: { en: "In the body", de: "Im Inhalt der Anfrage" },
        help: {
          en: "As `client_id` and `client_secret`, for token servers that do not read the header.",
          de: "Als `client_id` und `client_secret`, für Token-Server, die den Header nicht lesen.",
        },
      },
    ],
    preset: "basic",
  }),
} as const;

export type ClientCredentials = SettingsOf<typeof clientCredentialsFields>;
