-- A source may distribute its leads: of several destinations each lead goes to one, in turns or by weights.

CREATE TABLE internal.distribution_turns (
  source  text COLLATE "C" NOT NULL,
  members text COLLATE "C" NOT NULL,
  turn    bigint NOT NULL,
  PRIMARY KEY (source, members),
  CONSTRAINT distribution_turns_turn CHECK (turn >= 0)
);
COMMENT ON TABLE internal.distribution_turns IS 'How many turns were taken where a source distributes its leads among several destinations; whose turn is next follows from the number. All nodes count together.';
COMMENT ON COLUMN internal.distribution_turns.source IS 'Its name.';
COMMENT ON COLUMN internal.distribution_turns.members IS 'The destinations that take turns, with their weights: SHA-256, hexadecimal. Others are another group, which begins anew.';
COMMENT ON COLUMN internal.distribution_turns.turn IS 'Leads that were distributed; test leads take no turn.';

CREATE TABLE internal.distributed_daily (
  source      text COLLATE "C" NOT NULL,
  destination text COLLATE "C" NOT NULL,
  day         date NOT NULL,
  leads       bigint NOT NULL,
  PRIMARY KEY (destination, day, source)
);
COMMENT ON TABLE internal.distributed_daily IS 'Leads that a destination got because it was its turn, by source and day. Test leads are not counted.';
COMMENT ON COLUMN internal.distributed_daily.source IS 'Where they came from.';
COMMENT ON COLUMN internal.distributed_daily.destination IS 'Whose turn it was.';
COMMENT ON COLUMN internal.distributed_daily.day IS 'When it was decided, in the reporting time zone of that day.';
COMMENT ON COLUMN internal.distributed_daily.leads IS 'How many.';
