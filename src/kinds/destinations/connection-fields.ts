// What kinds declare alike that connect to a server with a user and a password.
import type { Field } from "../../config/fields/field.ts";
import { choice, optionalText } from "../../config/fields/plain-fields.ts";
import { optionalSecret } from "../../config/fields/secret-fields.ts";

export const userField: Field<string | undefined> = {
  ...optionalText("user", {
    label: { en: "User", de: "Benutzer" },
    help: { en: "Absent: the one in the address.", de: "Ohne Angabe der in der Adresse." },
    example: "leadledger",
    option: { title: { en: "user", de: "Benutzer" } },
  }),
  isClients: true,
};

export const passwordField = optionalSecret("password", {
  label: { en: "Password", de: "Passwort" },
  help: { en: "Absent: the one in the address.", de: "Ohne Angabe das in der Adresse." },
});

/** For protocols that begin in the open and go on encrypted. */
export const tlsField = choice("tls", {
  preset: "verify",
  label: { en: "Encryption (TLS)", de: "Verschlüsselung (TLS)" },
  help: {
    en: "Whether the connection is encrypted, and the server's certificate checked.",
    de: "Ob die Verbindung verschlüsselt und das Zertifikat des Servers geprüft wird.",
  },
  advanced: true,
  option: { title: { en: "TLS", de: "TLS" } },
  options: [
    {
      value: "verify",
      label: { en: "Encrypted, certificate checked", de: "Verschlüsselt, Zertifikat geprüft" },
      help: {
        en: "The server must have a certificate for its name. If it is of your own authority, name the PEM file below.",
        de: "Der Server muss ein Zertifikat auf seinen Namen haben. Stammt es von Ihrer eigenen Zertifizierungsstelle, geben Sie unten deren PEM-Datei an.",
      },
    },
    {
      value: "off",
      label: { en: "Not encrypted", de: "Nicht verschlüsselt" },
      help: {
        en: "Leads and password cross the network readably: for the same machine, or inside a tunnel.",
        de: "Leads und Passwort gehen lesbar durchs Netz: für denselben Rechner oder in einem Tunnel.",
      },
    },
  ],
});
