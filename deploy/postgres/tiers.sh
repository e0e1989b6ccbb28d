#!/bin/sh
# Run once, by the image of PostgreSQL, in an empty database: makes the user that subgraphs log in as, who may read and nothing else.
# What the role may read is granted when the publisher lays out the tables (docs/sql.md).
set -eu
psql --quiet --no-psqlrc --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 --set password="$TIERS_PASSWORD" <<'SQL'
CREATE ROLE strates_serve NOLOGIN;
CREATE ROLE strates_tiers LOGIN PASSWORD :'password' IN ROLE strates_serve;
SQL
