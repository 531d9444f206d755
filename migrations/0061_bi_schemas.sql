-- What BI tools read: views of a fixed form, without personal data (sql/bi-leads.sql, sql/bi-figures.sql). Whoever asks from
-- outside meets the schema bi, or bi_client if they are to see a single client of an agency.
-- A schema bi that somebody has made already is used, if the program may create in it (src/ledger/migrate.ts looks).

CREATE SCHEMA IF NOT EXISTS bi;
CREATE SCHEMA IF NOT EXISTS bi_client;

DO $$
DECLARE
  described record;
BEGIN
  FOR described IN
    SELECT n.nspname AS name, v.comment FROM pg_namespace n
    JOIN (VALUES
      ('bi', 'Views for BI tools: documented, without personal data, and never changed: what is new comes as _v2 beside _v1'),
      ('bi_client', 'The views of the schema bi for roles that see one client of an agency alone')) AS v (name, comment) ON v.name = n.nspname
    WHERE pg_has_role(n.nspowner, 'USAGE')
  LOOP
    EXECUTE format('COMMENT ON SCHEMA %I IS %L', described.name, described.comment);
  END LOOP;
END
$$;

CREATE TABLE internal.bi_readers (
  role   text COLLATE "C" PRIMARY KEY,
  client text COLLATE "C" NOT NULL
);
COMMENT ON TABLE internal.bi_readers IS 'Roles of the database that see one client of an agency alone, through the schema bi_client; a role that is not here sees nothing there.';
COMMENT ON COLUMN internal.bi_readers.role IS 'Its name.';
COMMENT ON COLUMN internal.bi_readers.client IS 'Whose rows it sees; empty: those of sources and destinations that name no client.';
