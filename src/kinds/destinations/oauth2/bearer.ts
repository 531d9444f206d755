// How an access token is sent (RFC 6750 section 2.1).

export function bearer(token: string | null): Readonly<Record<string, string>> {
  return token === null ? {} : { authorization: `Bearer ${token}` };
}
