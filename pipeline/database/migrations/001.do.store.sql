-- The files of the snapshots, and the rows of each version of the data. Nothing of a version is ever changed: its rows are
-- loaded whole, and dropped whole, by partition.

CREATE TABLE strates_store.file (
  key text PRIMARY KEY,
  tag text NOT NULL,
  bytes bigint NOT NULL,
  sha256 text NOT NULL
);

CREATE TABLE strates_store.chunk (
  key text NOT NULL REFERENCES strates_store.file (key) ON DELETE CASCADE,
  position integer NOT NULL,
  content bytea NOT NULL,
  PRIMARY KEY (key, position)
);

-- The versions whose rows are there, whole.
CREATE TABLE strates_store.version (
  version text PRIMARY KEY,
  format integer NOT NULL,
  loaded_at timestamp with time zone NOT NULL DEFAULT now(),
  rows bigint NOT NULL,
  -- Of the times of retrieval and the history, which stand beside the content and may change without it.
  edition text NOT NULL,
  -- Whether what the views show is there too: only for the current version.
  is_shown boolean NOT NULL
);

-- What follows is a column of the Parquet file of an owner each, see core/store/manifest.ts.

CREATE TABLE strates_store.cell (
  version text NOT NULL,
  owner text NOT NULL,
  territory integer NOT NULL,
  slice integer NOT NULL,
  value double precision,
  status smallint NOT NULL,
  expected integer NOT NULL,
  reported integer NOT NULL,
  share real NOT NULL,
  notes integer NOT NULL,
  suppressed integer NOT NULL,
  not_located integer NOT NULL,
  not_located_value double precision NOT NULL,
  estimated double precision NOT NULL
) PARTITION BY LIST (version);

CREATE TABLE strates_store.part (
  version text NOT NULL,
  owner text NOT NULL,
  territory integer NOT NULL,
  slice integer NOT NULL,
  part integer NOT NULL,
  value double precision NOT NULL
) PARTITION BY LIST (version);

CREATE TABLE strates_store.school_value (
  version text NOT NULL,
  owner text NOT NULL,
  position integer NOT NULL,
  school integer NOT NULL,
  slice integer NOT NULL,
  value double precision,
  state smallint NOT NULL,
  commune integer NOT NULL
) PARTITION BY LIST (version);

CREATE TABLE strates_store.missing (
  version text NOT NULL,
  owner text NOT NULL,
  position integer NOT NULL,
  slice integer NOT NULL,
  piece integer NOT NULL,
  departement integer NOT NULL,
  school integer NOT NULL,
  together integer NOT NULL,
  state smallint NOT NULL,
  kind smallint NOT NULL,
  code text,
  name text
) PARTITION BY LIST (version);

-- What follows is there for the views alone, of the current version and the one before it.

CREATE TABLE strates_store.territory (
  version text NOT NULL,
  territory integer NOT NULL,
  first smallint NOT NULL,
  last smallint NOT NULL,
  -- Whether it stands in the geography on which values are given.
  is_current boolean NOT NULL,
  id text NOT NULL,
  tier text NOT NULL,
  code text NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  epci_code text,
  epci_name text,
  departement_code text,
  departement_name text,
  region_code text,
  region_name text,
  PRIMARY KEY (version, territory, first)
);

CREATE INDEX territory_id ON strates_store.territory (version, id);

CREATE TABLE strates_store.measure (
  version text NOT NULL,
  measure smallint NOT NULL,
  id text NOT NULL,
  title text NOT NULL,
  title_fr text NOT NULL,
  description text NOT NULL,
  unit text NOT NULL,
  unit_fr text NOT NULL,
  owner text NOT NULL,
  competent text NOT NULL,
  legal_basis text NOT NULL,
  -- Of a measure of schools; NULL for the others.
  cycle text,
  PRIMARY KEY (version, measure)
);

CREATE TABLE strates_store.dataset (
  version text NOT NULL,
  id text NOT NULL,
  title text NOT NULL,
  producer text NOT NULL,
  publisher text NOT NULL,
  licence text NOT NULL,
  licence_title text NOT NULL,
  licence_url text NOT NULL,
  attribution text NOT NULL,
  source_url text NOT NULL,
  simulated boolean NOT NULL,
  dataset_version text NOT NULL,
  retrieved_at timestamp with time zone NOT NULL,
  PRIMARY KEY (version, id)
);

CREATE TABLE strates_store.slice (
  version text NOT NULL,
  slice integer NOT NULL,
  owner text NOT NULL,
  measure smallint NOT NULL,
  dataset text NOT NULL,
  period smallint NOT NULL,
  rank smallint NOT NULL,
  vintage smallint NOT NULL,
  rule text NOT NULL,
  note text,
  snapshots text NOT NULL,
  extent text NOT NULL,
  covered text NOT NULL,
  reported integer NOT NULL,
  total double precision,
  PRIMARY KEY (version, slice)
);

-- What stands behind an observation: a slice, or the datasets that a sum or ratio was made of.
CREATE TABLE strates_store.source (
  version text NOT NULL,
  source integer NOT NULL,
  rank smallint,
  dataset text NOT NULL,
  datasets text[] NOT NULL,
  title text NOT NULL,
  licence text NOT NULL,
  licence_url text NOT NULL,
  attribution text NOT NULL,
  source_url text NOT NULL,
  simulated boolean NOT NULL,
  dataset_version text NOT NULL,
  retrieved_at timestamp with time zone NOT NULL,
  PRIMARY KEY (version, source)
);

CREATE TABLE strates_store.note (
  version text NOT NULL,
  note integer NOT NULL,
  text text NOT NULL,
  PRIMARY KEY (version, note)
);

CREATE TABLE strates_store.observation (
  version text NOT NULL,
  territory integer NOT NULL,
  measure smallint NOT NULL,
  period smallint NOT NULL,
  source integer NOT NULL,
  is_shown boolean NOT NULL,
  value double precision,
  status text NOT NULL,
  method text NOT NULL,
  expected integer,
  reported integer,
  missing integer,
  suppressed integer,
  share double precision,
  not_located integer,
  not_located_value double precision,
  estimated_share double precision NOT NULL,
  note integer
) PARTITION BY LIST (version);
