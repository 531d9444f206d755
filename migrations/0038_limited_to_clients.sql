-- Users and API keys of an agency's clients: who is limited to whose things. What they see of the ledger is in
-- sql/limited-views.sql.

ALTER TABLE internal.users ADD COLUMN clients text[] COLLATE "C",
  ADD CONSTRAINT users_clients CHECK (cardinality(clients) > 0 AND array_position(clients, NULL) IS NULL);
ALTER TABLE internal.api_keys ADD COLUMN clients text[] COLLATE "C",
  ADD CONSTRAINT api_keys_clients CHECK (cardinality(clients) > 0 AND array_position(clients, NULL) IS NULL);
ALTER TABLE internal.operations ADD COLUMN clients text[] COLLATE "C";

COMMENT ON COLUMN internal.users.clients IS 'The clients whose leads, sources, destinations, users and keys they may see and change; NULL: all, and what concerns the installation as a whole.';
COMMENT ON COLUMN internal.api_keys.clients IS 'As of users.';
COMMENT ON COLUMN internal.operations.clients IS 'Of whoever ordered it: it is about nothing else; NULL: no limit.';
