-- Desired state of this installation: settings, sources and destinations; and who leads among the nodes.

CREATE TABLE public.settings (
  name       text PRIMARY KEY,
  value      jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE public.settings IS 'timezone: reporting time zone | configuration_revision: rises with every change, so that nodes notice | key_fingerprint: of the root key.';

CREATE TABLE public.sources (
  name       text COLLATE "C" PRIMARY KEY,
  managed_by text NOT NULL CHECK (managed_by IN ('file', 'api')),
  enabled    boolean NOT NULL DEFAULT true,
  settings   jsonb NOT NULL,
  secrets    bytea,
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE public.sources IS 'Who may post leads.';
COMMENT ON COLUMN public.sources.managed_by IS 'file: from leadledger.yaml, read-only elsewhere | api: made through API or command line.';
COMMENT ON COLUMN public.sources.enabled IS 'false: was removed; leads of it are refused.';
COMMENT ON COLUMN public.sources.settings IS 'Everything but the secrets.';
COMMENT ON COLUMN public.sources.secrets IS 'The secrets, encrypted with a subkey of LEADLEDGER_KEY.';

CREATE TABLE public.destinations (
  name       text COLLATE "C" PRIMARY KEY,
  kind       text NOT NULL,
  managed_by text NOT NULL CHECK (managed_by IN ('file', 'api')),
  enabled    boolean NOT NULL DEFAULT true,
  settings   jsonb NOT NULL,
  secrets    bytea,
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE public.destinations IS 'Where leads are delivered to.';
COMMENT ON COLUMN public.destinations.kind IS 'http: sent by the program | external: a worker of one''s own settles the runs with SQL.';
COMMENT ON COLUMN public.destinations.secrets IS 'Secret and headers, encrypted with a subkey of LEADLEDGER_KEY.';

CREATE TABLE public.leader (
  name       text PRIMARY KEY,
  holder     text NOT NULL,
  epoch      bigint NOT NULL,
  held_until timestamptz NOT NULL
);
COMMENT ON TABLE public.leader IS 'Which node does the tasks that one node does; every write of a leader checks holder and epoch.';
COMMENT ON COLUMN public.leader.epoch IS 'Rises with every change of the holder: a leader that was frozen finds itself outdated.';
