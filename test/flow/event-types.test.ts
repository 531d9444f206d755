// The database's functions write the types of events that are declared as theirs, and no others.
import { afterAll, beforeAll, expect, it } from "vitest";
import { eventTypeNames, eventTypeOf } from "../../src/domain/log/event-types.ts";
import type { Database } from "../../src/ledger/connection/database.ts";
import { migrate } from "../../src/ledger/migrate.ts";
import { describeOnEachServer, freshDatabase } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { open } from "../support/ledger.ts";

describeOnEachServer("The database's functions", (server) => {
  let fresh: FreshDatabase;
  let database: Database;
  beforeAll(async () => {
    fresh = await freshDatabase(server, { migrate });
    database = open(fresh.url, 1);
  });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });

  it("write every type that is declared as theirs", async () => {
    const words = wordsIn(await functionsThatTell(database));
    const theirs = eventTypeNames.filter((type) => eventTypeOf(type)?.writtenBy !== "program");
    expect(theirs.filter((type) => !words.has(type))).toEqual([]);
    expect(theirs.length).toBeGreaterThan(12);
  });

  it("write no type that is declared as the program's, and none that nobody knows", async () => {
    const words = wordsIn(await functionsThatTell(database));
    const known = new Set([
      ...eventTypeNames.filter((type) => eventTypeOf(type)?.writtenBy !== "program"),
      ...eventTypeNames.flatMap((type) => Object.keys(eventTypeOf(type)?.members ?? {})),
      ...(await otherWords(database)),
    ]);
    expect([...words].filter((word) => !known.has(word))).toEqual([]);
  });
});

/** Their bodies, without comments. */
async function functionsThatTell(database: Database): Promise<string[]> {
  const { rows } = await database.query<{ text: string }>(
    `SELECT text FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace, coalesce(pg_get_function_sqlbody(p.oid), prosrc) AS text
     WHERE nspname IN ('public', 'internal') AND text ~ 'INSERT INTO (public\\.)?audit_events\\M'`,
  );
  return rows.map(({ text }) => text.replaceAll(/--.*$/gm, ""));
}

/** Quoted words such as `'lead_failed'`. */
function wordsIn(texts: readonly string[]): Set<string> {
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/'([a-z]+(?:_[a-z]+)+)'/g)].map(([, word]) => word ?? "")),
  );
}

/** Names of the database's own, and values that a constraint allows. */
async function otherWords(database: Database): Promise<string[]> {
  const { rows } = await database.query<{ word: string }>(
    `SELECT attname::text AS word FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
       WHERE nspname IN ('public', 'internal')
     UNION SELECT relname FROM pg_class UNION SELECT name FROM pg_settings
     UNION SELECT match[1] FROM pg_constraint o JOIN pg_namespace n ON n.oid = connamespace,
       regexp_matches(pg_get_constraintdef(o.oid), '''([a-z_]+)''', 'g') AS match
       WHERE nspname IN ('public', 'internal') AND contype = 'c'`,
  );
  return rows.map(({ word }) => word);
}
