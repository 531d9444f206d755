-- What each node says of itself, so that somebody can be told of it while it lasts, and of a node that is gone; and when
-- nodes were without the database, told by them afterwards.
CREATE TABLE internal.nodes (
  name       text PRIMARY KEY,
  node       text NOT NULL,
  since      timestamptz NOT NULL DEFAULT clock_timestamp(),
  held_until timestamptz NOT NULL,
  condition  jsonb NOT NULL
);
COMMENT ON TABLE internal.nodes IS 'Nodes that run, or ran and did not say that they stopped. A node writes its row now and then and when what it says has changed, and removes it when it stops; one that nobody renewed for a week is forgotten.';
COMMENT ON COLUMN internal.nodes.name IS 'Its host and port: the same after a restart.';
COMMENT ON COLUMN internal.nodes.node IS 'The process that wrote it.';
COMMENT ON COLUMN internal.nodes.since IS 'Since when this process has renewed it without a gap.';
COMMENT ON COLUMN internal.nodes.held_until IS 'In the past: the node is gone, frozen, or without the database.';
COMMENT ON COLUMN internal.nodes.condition IS 'What it says of itself: src/domain/node/node-condition.ts.';

CREATE TABLE internal.outages (
  name  text NOT NULL,
  since timestamptz NOT NULL,
  until timestamptz NOT NULL,
  PRIMARY KEY (name, since)
);
CREATE INDEX outages_until ON internal.outages (until);
COMMENT ON TABLE internal.outages IS 'When nodes were without the database, as each noted it in its data folder meanwhile; kept for 30 days.';
COMMENT ON COLUMN internal.outages.name IS 'Of the node: its host and port.';
COMMENT ON COLUMN internal.outages.since IS 'When the node lost the database, by its own clock.';
COMMENT ON COLUMN internal.outages.until IS 'When it had it back.';
