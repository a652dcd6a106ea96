-- What a preview found, until it is committed or expires. Not on the record: a preview is no act.
create table import_previews (
  operation_id text not null references operations (id),
  import_id text not null,
  officer_id text not null references officers (id),
  about jsonb not null,
  expires_ms bigint not null,
  primary key (operation_id, import_id)
);

create table import_preview_parts (
  import_id text not null,
  part integer not null,
  rows_gz bytea not null,
  primary key (import_id, part)
);
