-- A destination that asks to be left alone, or refuses our credentials, is left alone as a whole: one circuit each,
-- shared by all nodes.
--   closed     leads are sent; for a few seconds after closed_at ever more of them (the ramp)
--   open       nothing is sent before next_probe_at; then the next lead that waits may try (no row: closed, always was)
--   half_open  one node, probe_by, is trying with one lead; until probe_until nobody else may
-- What is not sent meanwhile stays in deliveries, with no attempt counted, for at most a quarter of an hour; then it
-- becomes an entry (destination_unavailable, destination_auth), which is due when the circuit closes.

CREATE TABLE internal.circuits (
  destination   text COLLATE "C" PRIMARY KEY,
  state         text COLLATE "C" NOT NULL,
  reason        text COLLATE "C" NOT NULL,
  message       text NOT NULL,
  opened_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  next_probe_at timestamptz,
  failed_probes integer NOT NULL DEFAULT 0,
  probe_by      text,
  probe_until   timestamptz,
  closed_at     timestamptz,
  entries_wait  boolean NOT NULL DEFAULT true,
  epoch         bigint NOT NULL DEFAULT 1,
  CONSTRAINT circuits_state CHECK (state IN ('closed', 'open', 'half_open')),
  CONSTRAINT circuits_destination_length CHECK (octet_length(destination) BETWEEN 1 AND 255),
  CONSTRAINT circuits_closed_at CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
  CONSTRAINT circuits_probe CHECK ((state = 'half_open') = (probe_by IS NOT NULL AND probe_until IS NOT NULL)),
  CONSTRAINT circuits_next_probe_at CHECK (state = 'closed' OR next_probe_at IS NOT NULL),
  CONSTRAINT circuits_failed_probes CHECK (failed_probes >= 0)
);

COMMENT ON TABLE internal.circuits IS 'Destinations that are, or were, left alone as a whole; without a row: never.';
COMMENT ON COLUMN internal.circuits.destination IS 'Its name.';
COMMENT ON COLUMN internal.circuits.state IS 'closed: leads are sent | open: nothing is sent before next_probe_at | half_open: one lead tries.';
COMMENT ON COLUMN internal.circuits.reason IS 'The stable code of what opened it, or of how the last probe failed: destination_throttled, destination_auth and others.';
COMMENT ON COLUMN internal.circuits.message IS 'The same as a sentence for people.';
COMMENT ON COLUMN internal.circuits.opened_at IS 'Since when leads have not been sent; of a closed one: the last time.';
COMMENT ON COLUMN internal.circuits.next_probe_at IS 'From when on the next lead that waits may try.';
COMMENT ON COLUMN internal.circuits.failed_probes IS 'Since it opened; the pause grows with them where the destination names none.';
COMMENT ON COLUMN internal.circuits.probe_by IS 'The node that is trying.';
COMMENT ON COLUMN internal.circuits.probe_until IS 'Until when that node alone may.';
COMMENT ON COLUMN internal.circuits.closed_at IS 'Since when leads are sent again; the ramp begins here.';
COMMENT ON COLUMN internal.circuits.entries_wait IS 'There may be entries that wait for it to close and have not been made due.';
COMMENT ON COLUMN internal.circuits.epoch IS 'Rises with every opening and every probe: the end of a probe counts only for its own.';

-- Waiting uses up no schedule. retry_count never falls, and making an entry takes the first step of the slow schedule;
-- so what took none is counted here, and the step is the difference.
CREATE TABLE internal.entry_waits (
  dlq_id bigint PRIMARY KEY REFERENCES public.dlq ON DELETE CASCADE,
  steps  integer NOT NULL,
  CONSTRAINT entry_waits_steps CHECK (steps > 0)
);
COMMENT ON TABLE internal.entry_waits IS 'Entries that waited without using up their schedule; without a row: none did.';
COMMENT ON COLUMN internal.entry_waits.dlq_id IS 'The entry.';
COMMENT ON COLUMN internal.entry_waits.steps IS 'Steps of the schedule that were not used up: it was made while its destination was left alone, leased and given back unsent, or answered by a request to wait.';

-- Whether deliveries are stopped altogether ("stop all deliveries"): intake goes on, nothing is sent, no attempt is counted.
COMMENT ON TABLE public.settings IS 'timezone: reporting time zone | timezone_managed_by: file, once a leadledger.yaml has been applied, which then says the time zone | masked_pointers: JSON pointers to what else belongs to a person in leads, and is masked | configuration_revision: rises with every change, so that nodes notice | key_fingerprint: of the root key | deliveries: {"stopped", "at", "by", "reason"}, whether all deliveries are stopped, since when, by whom and why; none: they never were.';
