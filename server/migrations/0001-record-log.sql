-- One record per operation, and one for the hub. Nothing in these tables is ever changed or taken away.
create table logs (
  id text primary key,
  origin text not null unique,
  head bigint not null default 0 check (head >= 0),
  epoch bigint not null default 0,
  -- Time of the newest entry: time on a record never goes back, whatever the clocks of the nodes say.
  last_ms bigint not null default 0
);

create table entries (
  log_id text not null references logs (id),
  seq bigint not null,
  at_ms bigint not null,
  kind text not null,
  outcome text not null,
  officer_id text,
  actor_kind text not null,
  country text,
  object_kind text,
  object_id text,
  compartment_id text,
  bytes bytea not null,
  leaf_hash bytea not null,
  primary key (log_id, seq)
);
create index entries_by_kind on entries (log_id, kind, seq);
create index entries_by_officer on entries (log_id, officer_id, seq);
create index entries_by_object on entries (log_id, object_id, seq) where object_id is not null;
create index entries_by_time on entries (log_id, at_ms);

-- The content an entry commits to by salted hash. Apart from it, so that a purge leaves the tree verifiable.
create table entry_contents (
  log_id text not null,
  seq bigint not null,
  form text not null check (form in ('json', 'bytes')),
  salt bytea not null check (octet_length(salt) = 32),
  payload bytea not null,
  primary key (log_id, seq),
  foreign key (log_id, seq) references entries (log_id, seq)
);

-- Hashes of complete subtrees above the leaves (RFC 6962 2.1), written by the signer up to its newest checkpoint.
create table tree_nodes (
  log_id text not null references logs (id),
  level integer not null check (level > 0),
  idx bigint not null,
  hash bytea not null check (octet_length(hash) = 32),
  primary key (log_id, level, idx)
);

create table checkpoints (
  log_id text not null references logs (id),
  size bigint not null,
  root bytea not null,
  note text not null,
  signed_ms bigint not null,
  primary key (log_id, size)
);

-- The first reply to each writing call, so that a repeat is no second act.
create table commands (
  officer_id text not null,
  command_id text not null,
  call text not null,
  reply text not null,
  at_ms bigint not null,
  primary key (officer_id, command_id)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the record is append-only: % on % is refused', tg_op, tg_table_name using errcode = '42501';
end
$$;

create trigger entries_append_only before update or delete on entries for each row execute function refuse_change();
create trigger entries_no_truncate before truncate on entries for each statement execute function refuse_change();
create trigger contents_append_only before update or delete on entry_contents for each row execute function refuse_change();
create trigger contents_no_truncate before truncate on entry_contents for each statement execute function refuse_change();
create trigger nodes_append_only before update or delete on tree_nodes for each row execute function refuse_change();
create trigger nodes_no_truncate before truncate on tree_nodes for each statement execute function refuse_change();
create trigger checkpoints_append_only before update or delete on checkpoints for each row execute function refuse_change();
create trigger checkpoints_no_truncate before truncate on checkpoints for each statement execute function refuse_change();
create trigger logs_stay before delete on logs for each row execute function refuse_change();
create trigger logs_no_truncate before truncate on logs for each statement execute function refuse_change();
