// What the user or API key behind an actor is called, as a piece of SQL.

/** NULL of any other actor. `actor`: the column. */
export function actorNameSql(actor: string): string {
  return `CASE split_part(${actor}, ':', 1)
    WHEN 'user' THEN (SELECT u.display_name FROM internal.users u WHERE u.user_id = ${numberAfter("user", actor)})
    WHEN 'key' THEN (SELECT k.name FROM internal.api_keys k WHERE k.key_id = ${numberAfter("key", actor)}) END`;
}

/** NULL where something else follows: actors that the database was told are texts. */
function numberAfter(kind: "user" | "key", actor: string): string {
  return `substring(${actor} FROM '^${kind}:([0-9]{1,18})$')::bigint`;
}
