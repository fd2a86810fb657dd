"""Pure stages: rows in, rows out. No Dagster, no files, no network."""
