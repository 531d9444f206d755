-- What became of the calls of the dead man's switch: one row, once there is one.
CREATE TABLE internal.dead_mans_switch (
  is_the_one   boolean PRIMARY KEY DEFAULT true CHECK (is_the_one),
  called_at    timestamptz,
  silent_since timestamptz,
  reasons      text[] NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE internal.dead_mans_switch IS 'The address that is called again and again while all works, so that somebody outside notices when it is not called: whether it is.';
COMMENT ON COLUMN internal.dead_mans_switch.called_at IS 'When it was last called and said that it has heard; NULL: never.';
COMMENT ON COLUMN internal.dead_mans_switch.silent_since IS 'Since when it has not been called; NULL: it is.';
COMMENT ON COLUMN internal.dead_mans_switch.reasons IS 'Why not: src/domain/figures/dead-mans-switch.ts.';
