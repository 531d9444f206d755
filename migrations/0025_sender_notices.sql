-- What senders should be corrected for although their leads were taken, for the page of their source.
CREATE TABLE internal.sender_notices (
  source   text COLLATE "C" NOT NULL,
  code     text COLLATE "C" NOT NULL,
  sent     text COLLATE "C",
  read_as  text COLLATE "C" NOT NULL,
  requests bigint NOT NULL,
  first_at timestamptz NOT NULL,
  last_at  timestamptz NOT NULL,
  PRIMARY KEY (source, code)
);
COMMENT ON TABLE internal.sender_notices IS 'Requests whose leads were taken although something about them should be corrected at the sender. Rows that nothing was added to for seven days are removed.';
COMMENT ON COLUMN internal.sender_notices.source IS 'A source that is or was configured.';
COMMENT ON COLUMN internal.sender_notices.code IS 'What is wrong, as a stable code: content_type_wrong.';
COMMENT ON COLUMN internal.sender_notices.sent IS 'The newest Content-Type that was wrong, shortened; NULL: there was none.';
COMMENT ON COLUMN internal.sender_notices.read_as IS 'As what the body was read: json or multipart.';
COMMENT ON COLUMN internal.sender_notices.requests IS 'How many, since first_at.';
COMMENT ON COLUMN internal.sender_notices.first_at IS 'When the first was counted, within two seconds.';
COMMENT ON COLUMN internal.sender_notices.last_at IS 'When the last was counted.';
