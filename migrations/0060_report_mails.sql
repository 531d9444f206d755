-- Which report goes to whom, once, whichever node sends it and however often it is started.
CREATE TABLE internal.report_mails (
  report          text COLLATE "C" NOT NULL,
  day             date NOT NULL,
  client          text COLLATE "C" NOT NULL DEFAULT '',
  recipient       text COLLATE "C" NOT NULL,
  language        text COLLATE "C" NOT NULL,
  state           text COLLATE "C" NOT NULL DEFAULT 'waiting',
  due_at          timestamptz NOT NULL,
  attempts        integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  leased_until    timestamptz,
  ended_at        timestamptz,
  error_code      text COLLATE "C",
  error_message   text,
  PRIMARY KEY (report, day, client, recipient),
  CONSTRAINT report_mails_report CHECK (report IN ('daily', 'weekly')),
  CONSTRAINT report_mails_state CHECK (state IN ('waiting', 'sent', 'given_up'))
);
CREATE INDEX report_mails_waiting ON internal.report_mails (next_attempt_at) WHERE state = 'waiting';
COMMENT ON TABLE internal.report_mails IS 'One row for each report and recipient: it is sent once, by whichever node claims it.';
COMMENT ON COLUMN internal.report_mails.report IS 'daily | weekly';
COMMENT ON COLUMN internal.report_mails.day IS 'The last day that it speaks of, in the reporting time zone.';
COMMENT ON COLUMN internal.report_mails.client IS 'Of an agency: the client that it speaks of; empty: of everything.';
COMMENT ON COLUMN internal.report_mails.recipient IS 'Who gets it.';
COMMENT ON COLUMN internal.report_mails.language IS 'de | en';
COMMENT ON COLUMN internal.report_mails.state IS 'waiting: is sent as soon as it can be | sent: the mail server took it | given_up: nothing could be sent until it was too old.';
COMMENT ON COLUMN internal.report_mails.due_at IS 'When it was to be sent.';
COMMENT ON COLUMN internal.report_mails.attempts IS 'How often it was tried.';
COMMENT ON COLUMN internal.report_mails.next_attempt_at IS 'From when on it is tried.';
COMMENT ON COLUMN internal.report_mails.leased_until IS 'Until then the node that claimed it is sending it; NULL: nobody is.';
COMMENT ON COLUMN internal.report_mails.ended_at IS 'When it was sent or given up.';
COMMENT ON COLUMN internal.report_mails.error_code IS 'Why the last attempt failed; NULL: none has.';
COMMENT ON COLUMN internal.report_mails.error_message IS 'The same as a sentence.';
