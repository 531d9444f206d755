-- The program's own tables live in a schema of their own, beginning with those that come after this file. Whoever
-- looks at the default schema (a BI tool, a person in psql) is to see what is meant for them, and nothing that is refused.

CREATE SCHEMA IF NOT EXISTS internal;
REVOKE ALL ON SCHEMA internal FROM PUBLIC;
COMMENT ON SCHEMA internal IS 'LeadLedger''s own tables and functions: not for people or programs of your own, and changed without notice';
