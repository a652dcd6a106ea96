create table imports (
  operation_id text not null references operations (id),
  id text primary key,
  officer_id text not null references officers (id),
  format text not null,
  file_name text not null,
  sha256 text not null,
  state text not null check (state in ('writing', 'done')),
  counts jsonb not null,
  started_ms bigint not null,
  done_ms bigint
);

create table indicators (
  operation_id text not null references operations (id),
  id text not null,
  seq bigint not null,
  type text not null,
  value text not null,
  display text not null,
  key text not null,
  -- What belongs to the value and is not in it: chain, platform, bank.
  meta jsonb not null,
  raw text not null,
  note text not null,
  handling jsonb not null,
  tlp text not null,
  compartment_id text not null references compartments (id),
  originator text not null,
  confidence integer,
  valid_from text,
  valid_until text,
  actionable boolean not null,
  added_by text not null references officers (id),
  added_ms bigint not null,
  source text not null,
  import_id text references imports (id),
  withdrawn_ms bigint,
  primary key (operation_id, id)
);
create index indicators_in_order on indicators (operation_id, seq, id);
create index indicators_by_key on indicators (operation_id, key);
