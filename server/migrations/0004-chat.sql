create table messages (
  operation_id text not null references operations (id),
  id text not null,
  seq bigint not null,
  author_id text not null references officers (id),
  compartment_id text not null references compartments (id),
  text text,
  handling jsonb not null,
  reply_to text,
  mentions text[] not null,
  refs jsonb not null,
  posted_ms bigint not null,
  edited_ms bigint,
  withdrawn_ms bigint,
  primary key (operation_id, id)
);
create index messages_in_order on messages (operation_id, seq);

create table read_marks (
  operation_id text not null references operations (id),
  officer_id text not null references officers (id),
  up_to bigint not null,
  primary key (operation_id, officer_id)
);
