-- The key of each record as verifiers pin it, written with the first checkpoint, so that nodes that do not sign can say it.
create table log_keys (
  log_id text primary key references logs (id),
  vkey text not null
);
create trigger log_keys_append_only before update or delete on log_keys for each row execute function refuse_change();
create trigger log_keys_no_truncate before truncate on log_keys for each statement execute function refuse_change();

-- Exports of nodes that do not sign wait here for the seal. Each belongs to the entry of its export, and goes when it was fetched.
create table seal_requests (
  log_id text not null,
  seq bigint not null,
  text text not null,
  seal text,
  asked_ms bigint not null,
  primary key (log_id, seq),
  foreign key (log_id, seq) references entries (log_id, seq)
);
