-- How far each operation's record has been taken into the hub's: one anchor at a time, whatever number of nodes sign.
create table record_anchors (
  -- No reference to logs: checking it would lock an operation's row after the hub's, against the order of all others.
  log_id text primary key,
  size bigint not null,
  at_ms bigint not null,
  -- The entry of the hub's record that says so.
  seq bigint not null
);

-- Keys under which receipts are given, each with the entry of the hub's record that certifies it.
create table receipt_keys (
  vkey text primary key,
  seq bigint not null
);
create trigger receipt_keys_append_only before update or delete on receipt_keys for each row execute function refuse_change();
create trigger receipt_keys_no_truncate before truncate on receipt_keys for each statement execute function refuse_change();
