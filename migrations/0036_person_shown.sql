-- Who saw names in lists: which leads, and when to the hour. Only where the setting names_in_lists is on.
CREATE TABLE internal.person_views (
  viewer   text COLLATE "C" NOT NULL,
  hour     timestamptz NOT NULL,
  event_id bigint,
  PRIMARY KEY (viewer, hour)
);
CREATE INDEX person_views_untold ON internal.person_views (hour) WHERE event_id IS NULL;
COMMENT ON TABLE internal.person_views IS 'Hours in which somebody saw names in lists; one event each, when the hour is over.';
COMMENT ON COLUMN internal.person_views.viewer IS 'The actor who saw them: user:<id>, key:<id>, cli:<os user>.';
COMMENT ON COLUMN internal.person_views.hour IS 'Its beginning.';
COMMENT ON COLUMN internal.person_views.event_id IS 'The event names_shown that tells how many they were, and the digest of their ids; NULL: none was written yet.';

CREATE TABLE internal.person_shown (
  run_id uuid NOT NULL REFERENCES public.runs ON DELETE CASCADE,
  viewer text COLLATE "C" NOT NULL,
  hour   timestamptz NOT NULL,
  PRIMARY KEY (viewer, hour, run_id),
  FOREIGN KEY (viewer, hour) REFERENCES internal.person_views
);
CREATE INDEX person_shown_run ON internal.person_shown (run_id);
COMMENT ON TABLE internal.person_shown IS 'Leads whose names somebody saw in a list, once per hour however often. Kept as long as the lead.';
COMMENT ON COLUMN internal.person_shown.run_id IS 'The lead.';
COMMENT ON COLUMN internal.person_shown.viewer IS 'The actor who saw it.';
COMMENT ON COLUMN internal.person_shown.hour IS 'The beginning of the hour in which it was.';
