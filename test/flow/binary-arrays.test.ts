// The binary form of array parameters, read back by the server itself.
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { booleanArray, byteaArray, textArray, uuidArray } from "../../src/ledger/connection/binary-arrays.ts";
import { describeOnEachServer, emptyDatabase } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";

describeOnEachServer("arrays in binary", (server) => {
  let database: FreshDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    database = await emptyDatabase(server);
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  async function read(type: string, array: Buffer): Promise<unknown[]> {
    const { rows } = await client.query<{ value: unknown }>(
      `SELECT t.value FROM unnest($1::${type}[]) WITH ORDINALITY AS t (value, position) ORDER BY t.position`,
      [array],
    );
    return rows.map((row) => row.value);
  }

  const cases: [string, fc.Arbitrary<unknown[]>, (values: never) => Buffer][] = [
    [
      "text",
      fc.array(fc.option(fc.string({ unit: "grapheme" }).map((text) => text.replace(/\u0000/g, "")))),
      textArray,
    ],
    ["uuid", fc.array(fc.uuid()), uuidArray],
    ["bytea", fc.array(fc.option(fc.uint8Array().map((bytes) => Buffer.from(bytes)))), byteaArray],
    ["boolean", fc.array(fc.boolean()), booleanArray],
  ];
  it.each(cases)("%s arrays arrive as they were sent", async (type, values, encode) => {
    await fc.assert(
      fc.asyncProperty(values, async (sent) => {
        expect(await read(type, encode(sent as never))).toEqual(sent);
      }),
    );
  });
});
