-- Clients of an agency: whose a source is, and whose a destination. A run is of its source's client.

ALTER TABLE internal.sources ADD COLUMN client text COLLATE "C" NOT NULL GENERATED ALWAYS AS (coalesce(settings ->> 'client', '')) STORED;
ALTER TABLE internal.destinations ADD COLUMN client text COLLATE "C" NOT NULL GENERATED ALWAYS AS (coalesce(settings ->> 'client', '')) STORED;
COMMENT ON COLUMN internal.sources.client IS 'Of an agency: whose leads it takes, so whose its runs are; empty: it names no client.';
COMMENT ON COLUMN internal.destinations.client IS 'Of an agency: whose it is; leads of other clients never go there. Empty: it names no client.';

CREATE TABLE internal.clients (
  name       text COLLATE "C" PRIMARY KEY,
  label      text,
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT clients_name_length CHECK (octet_length(name) BETWEEN 1 AND 63)
);
COMMENT ON TABLE internal.clients IS 'What is known of clients besides what names them: sources, destinations, users and keys.';
COMMENT ON COLUMN internal.clients.label IS 'What people call it, with umlauts and spaces; NULL: its name.';
