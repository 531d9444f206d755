-- Alerts: alarms that somebody is told of. What somebody should look at is found out anew every few seconds
-- (src/ledger/figures/alarms.ts); these tables remember what became of it, whom it is told, and what was told.

CREATE TABLE internal.alert_recipients (
  name          text COLLATE "C" PRIMARY KEY,
  kind          text COLLATE "C" NOT NULL,
  settings      jsonb NOT NULL,
  secrets       bytea,
  secrets_mark  text COLLATE "C" NOT NULL DEFAULT '',
  managed_by    text COLLATE "C" NOT NULL DEFAULT 'api',
  nonce         text COLLATE "C" NOT NULL DEFAULT gen_random_uuid()::text,
  wrong_codes   integer NOT NULL DEFAULT 0,
  confirmed_at  timestamptz,
  confirmed_by  text COLLATE "C",
  failing_since timestamptz,
  failure_code  text COLLATE "C",
  failure       text,
  created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT alert_recipients_managed_by CHECK (managed_by IN ('file', 'api')),
  CONSTRAINT alert_recipients_confirmed_by CHECK ((confirmed_at IS NULL) = (confirmed_by IS NULL))
);
COMMENT ON TABLE internal.alert_recipients IS 'Who is told of alerts, and by which channel.';
COMMENT ON COLUMN internal.alert_recipients.name IS 'Its name.';
COMMENT ON COLUMN internal.alert_recipients.kind IS 'The channel: email, or a kind of destination that can tell people something (slack, teams, http).';
COMMENT ON COLUMN internal.alert_recipients.settings IS 'Everything of it that is not sealed: rules of what it is told (rules), and the channel''s settings (channel).';
COMMENT ON COLUMN internal.alert_recipients.secrets IS 'Encrypted: addresses and secrets of the channel. NULL: it has none.';
COMMENT ON COLUMN internal.alert_recipients.secrets_mark IS 'A keyed hash that tells whether they changed.';
COMMENT ON COLUMN internal.alert_recipients.managed_by IS 'file: leadledger.yaml says it; api: API, dashboard and command line.';
COMMENT ON COLUMN internal.alert_recipients.nonce IS 'What its confirmation code is made of, with a key; another one whenever the channel''s address changes.';
COMMENT ON COLUMN internal.alert_recipients.wrong_codes IS 'How often a wrong code was entered for this nonce.';
COMMENT ON COLUMN internal.alert_recipients.confirmed_at IS 'When somebody confirmed that messages arrive there. NULL: nobody has, and nothing but the request to confirm is sent there.';
COMMENT ON COLUMN internal.alert_recipients.confirmed_by IS 'How: code (entered, or by the link) | answer (the channel answered with success, which is proof for webhooks alone).';
COMMENT ON COLUMN internal.alert_recipients.failing_since IS 'Since when messages do not get through. NULL: the last one did.';
COMMENT ON COLUMN internal.alert_recipients.failure_code IS 'Why, as a code.';
COMMENT ON COLUMN internal.alert_recipients.failure IS 'Why, in words.';
COMMENT ON COLUMN internal.alert_recipients.created_at IS 'When it was made.';
COMMENT ON COLUMN internal.alert_recipients.updated_at IS 'When it was last changed by somebody.';

CREATE TABLE internal.alerts (
  alert_id        uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  key             text COLLATE "C" NOT NULL,
  code            text COLLATE "C" NOT NULL,
  severity        text COLLATE "C" NOT NULL,
  subject_kind    text COLLATE "C" NOT NULL,
  subject         text COLLATE "C",
  cause           text COLLATE "C" NOT NULL,
  client          text COLLATE "C",
  alarm           jsonb NOT NULL,
  state           text COLLATE "C" NOT NULL,
  repeats         integer NOT NULL DEFAULT 0,
  since           timestamptz NOT NULL DEFAULT clock_timestamp(),
  raised_at       timestamptz,
  gone_since      timestamptz,
  cleared_at      timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text COLLATE "C",
  note            text,
  CONSTRAINT alerts_severity CHECK (severity IN ('error', 'warning')),
  CONSTRAINT alerts_state CHECK (state IN ('pending', 'raised', 'cleared')),
  CONSTRAINT alerts_raised CHECK ((state = 'pending') = (raised_at IS NULL)),
  CONSTRAINT alerts_cleared CHECK ((state = 'cleared') = (cleared_at IS NOT NULL)),
  CONSTRAINT alerts_acknowledged CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL))
);
CREATE UNIQUE INDEX alerts_standing ON internal.alerts (key) WHERE state <> 'cleared';
CREATE INDEX alerts_history ON internal.alerts (cleared_at DESC, alert_id) WHERE state = 'cleared';
CREATE INDEX alerts_repeats ON internal.alerts (key, cleared_at) WHERE state = 'cleared';
COMMENT ON TABLE internal.alerts IS 'Alarms that stand or stood: one row per episode, from when an alarm was first seen until it was gone for a while.';
COMMENT ON COLUMN internal.alerts.alert_id IS 'The episode.';
COMMENT ON COLUMN internal.alerts.key IS 'Which alarm: its code, and what it is about. At most one episode of a key is not cleared.';
COMMENT ON COLUMN internal.alerts.code IS 'The code of the alarm.';
COMMENT ON COLUMN internal.alerts.severity IS 'error | warning: the worst of this episode.';
COMMENT ON COLUMN internal.alerts.subject_kind IS 'What it is about: installation | source | destination | other.';
COMMENT ON COLUMN internal.alerts.subject IS 'The name of that; NULL: the installation as a whole.';
COMMENT ON COLUMN internal.alerts.cause IS 'Alerts of one cause are told in one message.';
COMMENT ON COLUMN internal.alerts.client IS 'The client whose source or destination it is about, empty where that names none; NULL: it is about the installation.';
COMMENT ON COLUMN internal.alerts.alarm IS 'The facts, as GET /overview shows them, as they were last seen.';
COMMENT ON COLUMN internal.alerts.state IS 'pending: seen, but not for long enough to tell anybody; raised; cleared: gone for a while.';
COMMENT ON COLUMN internal.alerts.repeats IS 'How many episodes of this key ended within the hour before: the more, the longer it must be gone to be cleared.';
COMMENT ON COLUMN internal.alerts.since IS 'When the alarm was first seen.';
COMMENT ON COLUMN internal.alerts.raised_at IS 'When it had stood long enough. NULL: it has not.';
COMMENT ON COLUMN internal.alerts.gone_since IS 'Since when it is not seen any more. NULL: it is seen.';
COMMENT ON COLUMN internal.alerts.cleared_at IS 'When it counted as over. NULL: it does not yet.';
COMMENT ON COLUMN internal.alerts.acknowledged_at IS 'When somebody said that they look after it, which ends escalation. NULL: nobody has.';
COMMENT ON COLUMN internal.alerts.acknowledged_by IS 'Who: an actor of the audit log.';
COMMENT ON COLUMN internal.alerts.note IS 'What they said. NULL: nothing.';

CREATE TABLE internal.alert_mutes (
  key      text COLLATE "C" PRIMARY KEY,
  until    timestamptz NOT NULL,
  reason   text NOT NULL,
  muted_by text COLLATE "C" NOT NULL,
  muted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE internal.alert_mutes IS 'Alarms that nobody is told of for a while.';
COMMENT ON COLUMN internal.alert_mutes.key IS 'Which alarm, as in internal.alerts.';
COMMENT ON COLUMN internal.alert_mutes.until IS 'Until when.';
COMMENT ON COLUMN internal.alert_mutes.reason IS 'Why, in the words of whoever muted it.';
COMMENT ON COLUMN internal.alert_mutes.muted_by IS 'Who: an actor of the audit log.';
COMMENT ON COLUMN internal.alert_mutes.muted_at IS 'When.';

CREATE TABLE internal.notifications (
  notification_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  alert_id        uuid REFERENCES internal.alerts ON DELETE CASCADE,
  about           text COLLATE "C" NOT NULL,
  kind            text COLLATE "C" NOT NULL,
  recipient       text COLLATE "C" NOT NULL,
  cause           text COLLATE "C" NOT NULL,
  severity        text COLLATE "C" NOT NULL,
  instead_of      text COLLATE "C",
  state           text COLLATE "C" NOT NULL DEFAULT 'waiting',
  due_at          timestamptz NOT NULL,
  message         uuid,
  attempts        integer NOT NULL DEFAULT 0,
  claimed_by      text COLLATE "C",
  claimed_until   timestamptz,
  failure_code    text COLLATE "C",
  failure         text,
  created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at        timestamptz,
  CONSTRAINT notifications_once UNIQUE (about, kind, recipient),
  CONSTRAINT notifications_kind CHECK (kind IN ('raised', 'worsened', 'escalated', 'cleared', 'confirmation')),
  CONSTRAINT notifications_state CHECK (state IN ('waiting', 'sent', 'withdrawn', 'given_up')),
  CONSTRAINT notifications_ended CHECK ((state = 'waiting') = (ended_at IS NULL))
);
CREATE INDEX notifications_due ON internal.notifications (due_at) WHERE state = 'waiting';
CREATE INDEX notifications_alert ON internal.notifications (alert_id);
CREATE INDEX notifications_recipient ON internal.notifications (recipient, created_at DESC);
COMMENT ON TABLE internal.notifications IS 'What recipients are told: once per alert, kind of notice and recipient, whichever node does it.';
COMMENT ON COLUMN internal.notifications.notification_id IS 'Its number.';
COMMENT ON COLUMN internal.notifications.alert_id IS 'The alert; NULL: it is about no alert (confirmation).';
COMMENT ON COLUMN internal.notifications.about IS 'The alert''s id, or what else it is about.';
COMMENT ON COLUMN internal.notifications.kind IS 'raised | worsened (a warning became an error) | escalated (nobody acknowledged it) | cleared | confirmation (asks whether messages arrive).';
COMMENT ON COLUMN internal.notifications.recipient IS 'Whom: internal.alert_recipients.';
COMMENT ON COLUMN internal.notifications.cause IS 'Notices of one cause go into one message.';
COMMENT ON COLUMN internal.notifications.severity IS 'How bad the alert was when this was decided: error | warning.';
COMMENT ON COLUMN internal.notifications.instead_of IS 'The recipient whose channel failed, so that this one is told. NULL: it is told for itself.';
COMMENT ON COLUMN internal.notifications.state IS 'waiting: is or will be sent; sent; withdrawn: over before it was sent; given_up: did not get through for a day.';
COMMENT ON COLUMN internal.notifications.due_at IS 'When it is sent, or tried again.';
COMMENT ON COLUMN internal.notifications.message IS 'The message it is part of, the same at every attempt: Message-ID of mails, webhook-id of webhooks. NULL: no attempt has begun.';
COMMENT ON COLUMN internal.notifications.attempts IS 'How often it was tried.';
COMMENT ON COLUMN internal.notifications.claimed_by IS 'The node that sends it. NULL: none does.';
COMMENT ON COLUMN internal.notifications.claimed_until IS 'Until when it may; afterwards another node tries.';
COMMENT ON COLUMN internal.notifications.failure_code IS 'Why the last attempt failed, as a code. NULL: none has.';
COMMENT ON COLUMN internal.notifications.failure IS 'The same in words.';
COMMENT ON COLUMN internal.notifications.created_at IS 'When it was decided.';
COMMENT ON COLUMN internal.notifications.ended_at IS 'When it was sent, withdrawn or given up. NULL: it waits.';
