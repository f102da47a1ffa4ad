-- Rejected lines as they were deposited, so that whoever sent them mends them and sends only these.
-- A table's line is an array of its cells, a JSON file's is its object. The first 10,000 of an
-- import, for twelve months: they may hold what the file should not have told.
create table import_rejected_lines (
  import_id uuid not null references imports on delete cascade,
  file smallint not null,
  line bigint not null,
  content jsonb not null,
  primary key (import_id, file, line)
);

-- The faults of one line, or of the lines of one file.
create index import_rejections_by_line on import_rejections (import_id, file, line);
