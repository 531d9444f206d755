-- Parts of the configuration that are neither sources nor destinations: one row for each section of leadledger.yaml.
CREATE TABLE internal.sections (
  name         text COLLATE "C" PRIMARY KEY,
  settings     jsonb NOT NULL,
  secrets      bytea,
  secrets_mark text NOT NULL DEFAULT '',
  managed_by   text COLLATE "C" NOT NULL,
  updated_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT sections_managed_by CHECK (managed_by IN ('file', 'api'))
);
COMMENT ON TABLE internal.sections IS 'What the installation is told beside sources and destinations, as it is written in leadledger.yaml: its mail account and the like.';
COMMENT ON COLUMN internal.sections.name IS 'As leadledger.yaml calls the section.';
COMMENT ON COLUMN internal.sections.settings IS 'The entry, without what is sealed.';
COMMENT ON COLUMN internal.sections.secrets IS 'The members that nobody may read, encrypted; NULL: there are none.';
COMMENT ON COLUMN internal.sections.secrets_mark IS 'A keyed hash of them: tells whether they changed.';
COMMENT ON COLUMN internal.sections.managed_by IS 'file: leadledger.yaml says it and it is changed there; api: it is changed by API, dashboard and command line.';
COMMENT ON COLUMN internal.sections.updated_at IS 'When it was last changed.';
