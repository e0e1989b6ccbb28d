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
