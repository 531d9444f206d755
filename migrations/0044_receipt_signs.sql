-- Deliveries that arrived, but not as one would wish: found by an index for each way, and counted.

DROP INDEX internal.receipts_remarkable;
CREATE INDEX receipts_unproven ON internal.receipts (run_id) WHERE NOT proven;
CREATE INDEX receipts_maybe_twice ON internal.receipts (run_id) WHERE maybe_twice;
CREATE INDEX receipts_known_person ON internal.receipts (run_id) WHERE duplicate = 'known_person';

CREATE TABLE internal.receipts_daily (
  destination     text COLLATE "C" NOT NULL,
  day             date NOT NULL,
  unproven        bigint NOT NULL,
  maybe_twice     bigint NOT NULL,
  known_person    bigint NOT NULL,
  added_to_person bigint NOT NULL,
  PRIMARY KEY (destination, day)
);
COMMENT ON TABLE internal.receipts_daily IS 'Deliveries that arrived, but not as one would wish, by day; they are among the delivered ones, and one may be counted in several columns. Test leads are not counted. Days without one have no row.';
COMMENT ON COLUMN internal.receipts_daily.destination IS 'Its name.';
COMMENT ON COLUMN internal.receipts_daily.day IS 'When it arrived, in the reporting time zone of that day.';
COMMENT ON COLUMN internal.receipts_daily.unproven IS 'How many the destination took, and would have said the same if it threw them away.';
COMMENT ON COLUMN internal.receipts_daily.maybe_twice IS 'How many may be there twice.';
COMMENT ON COLUMN internal.receipts_daily.known_person IS 'How many the destination did not store, because it knew the person.';
COMMENT ON COLUMN internal.receipts_daily.added_to_person IS 'How many the destination added to the record of a person whom it knew.';
