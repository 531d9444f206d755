// With which application of the vendor's a kind asks for tokens: `oauth: { client_id, client_secret }`, and what its token
// server wants besides.
import type { Field, Fields, FieldTexts, SettingsOf } from "../../../config/fields/field.ts";
import { group, text } from "../../../config/fields/plain-fields.ts";
import { secretText } from "../../../config/fields/secret-fields.ts";

/** Until whoever it belongs to has named their own. */
const standIn = "to-be-filled-in";

const idOption = {
  name: "client-id",
  text: { en: "ID of the vendor's application", de: "ID der Anwendung beim Anbieter" },
} as const;
const secretOption = {
  name: "client-secret",
  text: { en: "secret of the vendor's application", de: "Secret der Anwendung beim Anbieter" },
} as const;

/** The help of both, in the words of the vendor's screens. */
export interface AppTexts {
  readonly clientId: Pick<FieldTexts, "label" | "help" | "example">;
  readonly clientSecret: Pick<FieldTexts, "label" | "help">;
}

/** `further`: of the same group; each required one needs a `standIn`. */
export function oauthApp<const Further extends Fields>(
  texts: AppTexts,
  further: Further,
): Field<OAuthApp & SettingsOf<Further>> {
  const fields: Fields = {
    clientId: text("client_id", { ...texts.clientId, option: idOption }),
    clientSecret: secretText("client_secret", { ...texts.clientSecret, option: secretOption }),
    ...further,
  };
  const needed = Object.values(fields).filter(({ isRequired }) => isRequired);
  const field = group("oauth", fields, { title: { en: "application", de: "Anwendung" } });
  return {
    ...(field as Field<OAuthApp & SettingsOf<Further>>),
    schema: {
      ...field.schema,
      description: "The application of the receiver's that asks for access tokens.",
    },
    isRequired: true,
    standIn: Object.fromEntries(needed.map(({ member }) => [member, standIn])),
  };
}

export interface OAuthApp {
  readonly clientId: string;
  readonly clientSecret: string;
}
