create table boards (
  operation_id text not null references operations (id),
  id text not null unique,
  title text not null,
  compartment_id text not null references compartments (id),
  created_by text not null references officers (id),
  created_ms bigint not null,
  seq bigint not null,
  primary key (operation_id, id)
);

-- Which entries of the operation's record are changes of which board. The bytes are the entries' contents.
create table board_updates (
  board_id text not null references boards (id),
  seq bigint not null,
  client_ids bigint[] not null,
  size integer not null,
  primary key (board_id, seq)
);
create trigger board_updates_append_only before update or delete on board_updates for each row execute function refuse_change();

-- A client id belongs to the officer who first used it on that board.
create table board_clients (
  board_id text not null references boards (id),
  client_id bigint not null,
  officer_id text not null references officers (id),
  primary key (board_id, client_id)
);

-- A cache for loading: the state after every change up to and including `seq`.
create table board_checkpoints (
  board_id text not null references boards (id),
  seq bigint not null,
  state bytea not null,
  primary key (board_id, seq)
);
