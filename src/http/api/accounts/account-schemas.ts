// Shapes of what the API says about people and keys, and of what they are made from.
import { Type } from "typebox";
import { passwordCharactersMax } from "../../../accounts/password.ts";
import { languages } from "../../../domain/errors/error-catalogue-entry.ts";
import { permissions, roles } from "../../../domain/accounts/roles.ts";
import { nullable, numericId, oneOf, timestamp } from "../frame/schemas.ts";

const nameCharactersMax = 200;
const loginCharactersMax = 254;
/** So that one that is too long is refused with its reason instead of a bare 400. */
const typedPasswordCharactersMax = passwordCharactersMax * 4;

/** PostgreSQL's text holds no NUL, and nobody's name needs control characters. */
const printable = "^[^\\p{Cc}]*$";
const printableName = "^[^\\p{Cc}\\s][^\\p{Cc}]*$";

export const userId = Type.Integer({ ...numericId, description: "The user's id." });
export const keyId = Type.Integer({ ...numericId, description: "The key's id." });
/** What somebody types; it need not be one. */
export const typedLogin = Type.String({ minLength: 1, maxLength: loginCharactersMax, pattern: printable });
export const login = Type.String({
  format: "email",
  maxLength: loginCharactersMax,
  description: "E-mail address; small and capital letters mean the same.",
});
export const displayName = Type.String({
  minLength: 1,
  maxLength: nameCharactersMax,
  pattern: printableName,
  description: "As others see it.",
});
export const role = oneOf(roles, "What somebody may do.");
export const language = oneOf(languages, "Which LeadLedger speaks to them.");
export const password = Type.String({
  minLength: 1,
  maxLength: typedPasswordCharactersMax,
  description: "12 to 256 characters.",
});

const clientsMax = 200;
const clientName = Type.String({
  pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$",
  description: "A client's name.",
});
export const clients = nullable(
  Type.Unsafe<readonly string[]>({
    type: "array",
    items: clientName,
    minItems: 1,
    maxItems: clientsMax,
    uniqueItems: true,
    description:
      "Of an agency: the clients whose leads, sources, destinations, users and keys they may see and change, and nothing else; null: no limit.",
  }),
);

export const userSchema = Type.Object({
  user_id: userId,
  login: Type.String(),
  display_name: Type.String(),
  role,
  clients,
  language,
  has_password: Type.Boolean({ description: "Whether there is a password yet; a set-up link makes one." }),
  created_at: timestamp("When the account was made."),
  created_by: Type.String({ description: "Actor." }),
  disabled_at: nullable(timestamp("Since when they may not sign in.")),
  locked_until: nullable(timestamp("Until then no password is accepted: too many were wrong.")),
  signed_in_at: nullable(timestamp("The last time.")),
});
export const sessionSchema = Type.Object({
  actor: Type.String({
    description: "What the audit events of their changes bear: `user:<id>`, `key:<id>`.",
  }),
  by: oneOf(["session", "key", "local"] as const),
  role,
  clients,
  permissions: Type.Array(oneOf(permissions)),
  user: nullable(
    Type.Object({ user_id: userId, login: Type.String(), display_name: Type.String(), language }),
  ),
});
export const apiKeySchema = Type.Object({
  key_id: keyId,
  name: Type.String({ description: "What it is for." }),
  role,
  clients,
  prefix: Type.String({ description: "How the key begins." }),
  created_at: timestamp("When it was made."),
  created_by: Type.String({ description: "Actor." }),
  expires_at: nullable(timestamp("Null: valid until it is revoked.")),
  last_used_at: nullable(timestamp("To the minute.")),
  revoked_at: nullable(timestamp("Since when it is not valid any more.")),
});
export const keyName = Type.String({
  minLength: 1,
  maxLength: nameCharactersMax,
  pattern: printableName,
  description: "What it is for.",
});
