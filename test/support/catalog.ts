// All that a database's catalogs say about LeadLedger's schemas, in lines that can be compared: one per object and right.
import type { Database } from "../../src/ledger/connection/database.ts";
import { transaction } from "../../src/ledger/connection/database.ts";

/** Grants as `grantee may RIGHT`; what nobody has said anything about is what PostgreSQL then assumes. */
const rights = (acl: string, kind: string, owner: string): string => `
  (SELECT string_agg(CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END || ' may ' || privilege_type
      || CASE WHEN is_grantable THEN ' and grant it' ELSE '' END, ', ' ORDER BY grantee = ${owner} DESC, pg_get_userbyid(grantee), privilege_type)
    FROM aclexplode(coalesce(${acl}, acldefault('${kind}', ${owner}))))`;

const ours = "IN ('public', 'internal')";

/** Each gives rows `{ object, says }`. */
const questions: Readonly<Record<string, string>> = {
  schema: `SELECT nspname, jsonb_build_object('owner', pg_get_userbyid(nspowner), 'rights', ${rights("nspacl", "n", "nspowner")},
      'comment', obj_description(n.oid, 'pg_namespace')) FROM pg_namespace n WHERE nspname ${ours}`,
  relation: `SELECT c.oid::regclass::text, jsonb_build_object('kind', relkind, 'persistence', relpersistence, 'options', reloptions,
      'replica_identity', relreplident, 'row_security', relrowsecurity, 'owner', pg_get_userbyid(relowner),
      'rights', ${rights("relacl", "r", "relowner")}, 'view', CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
      'comment', obj_description(c.oid, 'pg_class'))
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname ${ours} AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')`,
  column: `SELECT c.oid::regclass || '.' || attname, jsonb_build_object(
      'place', row_number() OVER (PARTITION BY c.oid ORDER BY attnum), 'type', format_type(atttypid, atttypmod), 'not_null', attnotnull,
      'default', pg_get_expr(adbin, adrelid), 'identity', attidentity, 'generated', attgenerated, 'storage', attstorage,
      'collation', CASE WHEN attcollation <> 0 THEN attcollation::regcollation::text END, 'rights', attacl::text,
      'comment', col_description(c.oid, attnum))
    FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
      LEFT JOIN pg_attrdef d ON d.adrelid = attrelid AND d.adnum = attnum
    WHERE nspname ${ours} AND relkind IN ('r', 'p', 'v', 'm', 'f') AND attnum > 0 AND NOT attisdropped`,
  constraint: `SELECT conrelid::regclass || ' ' || conname, jsonb_build_object('is', pg_get_constraintdef(o.oid), 'valid', convalidated)
    FROM pg_constraint o JOIN pg_namespace n ON n.oid = connamespace WHERE nspname ${ours}`,
  index: `SELECT indexrelid::regclass::text, jsonb_build_object('is', pg_get_indexdef(indexrelid), 'valid', indisvalid, 'ready', indisready,
      'replica_identity', indisreplident, 'options', c.reloptions)
    FROM pg_index JOIN pg_class c ON c.oid = indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname ${ours}`,
  trigger: `SELECT tgrelid::regclass || ' ' || tgname, jsonb_build_object('is', pg_get_triggerdef(t.oid), 'enabled', tgenabled)
    FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname ${ours} AND NOT tgisinternal`,
  function: `SELECT p.oid::regprocedure::text, jsonb_build_object('is', pg_get_functiondef(p.oid), 'owner', pg_get_userbyid(proowner),
      'rights', ${rights("proacl", "f", "proowner")}, 'comment', obj_description(p.oid, 'pg_proc'))
    FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname ${ours}`,
  sequence: `SELECT seqrelid::regclass::text, to_jsonb(s) - 'seqrelid'
    FROM pg_sequence s JOIN pg_class c ON c.oid = seqrelid JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname ${ours}`,
  type: `SELECT format_type(t.oid, NULL), jsonb_build_object('kind', typtype, 'labels', (
      SELECT jsonb_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid))
    FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace WHERE nspname ${ours} AND typtype IN ('d', 'e', 'r')`,
  statistics: `SELECT stxname::text, jsonb_build_object('is', pg_get_statisticsobjdef(s.oid))
    FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = stxnamespace WHERE nspname ${ours}`,
  policy: `SELECT polrelid::regclass || ' ' || polname, to_jsonb(p) - 'oid' - 'polrelid' FROM pg_policy p`,
  "default right": `SELECT coalesce(defaclnamespace::regnamespace::text, '') || ' ' || defaclobjtype::text, to_jsonb(d.defaclacl::text) FROM pg_default_acl d`,
};

/** Names are written in full. Lines are in order. */
export async function describeCatalog(database: Database): Promise<string[]> {
  return transaction(database, "system", async (client) => {
    await client.query("SET LOCAL search_path = pg_catalog");
    const lines: string[] = [];
    for (const [kind, question] of Object.entries(questions)) {
      const { rows } = await client.query<{ line: string }>(
        `SELECT object || ': ' || says::text AS line FROM (${question}) AS answer (object, says)`,
      );
      lines.push(...rows.map(({ line }) => `${kind} ${line}`));
    }
    return lines.toSorted();
  });
}
