-- What the settings hold by now, and who may write them.

COMMENT ON TABLE public.settings IS 'timezone: reporting time zone | timezone_managed_by: file, once a leadledger.yaml has been applied, which then says the time zone | masked_pointers: JSON pointers to what else belongs to a person in leads, and is masked | configuration_revision: rises with every change, so that nodes notice | key_fingerprint: of the root key.';
COMMENT ON COLUMN public.sources.managed_by IS 'file: from leadledger.yaml, read-only elsewhere | api: made through API or command line; becomes the file''s when the file names it.';
COMMENT ON COLUMN public.destinations.secrets IS 'Address, headers, signing secret and those that it replaced and that sign until they end; encrypted with a subkey of LEADLEDGER_KEY.';
