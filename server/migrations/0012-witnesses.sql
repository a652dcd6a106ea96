-- Keys that cosign the record of one operation. A key that was registered is never registered again, anywhere.
create table witnesses (
  id text primary key,
  operation_id text not null references operations (id),
  desk_id text not null references desks (id),
  kind text not null check (kind in ('witness', 'officer-browser')),
  vkey text not null,
  public_key bytea not null unique check (octet_length(public_key) = 32),
  -- SHA-256 of the credential; a browser has none, its officer's session speaks for it.
  credential_hash bytea unique,
  registered_by text not null references officers (id),
  registered_ms bigint not null,
  retired_ms bigint,
  check ((kind = 'witness') = (credential_hash is not null))
);
create index witnesses_of_operation on witnesses (operation_id, registered_ms);
create unique index one_witness_of_a_desk on witnesses (operation_id, desk_id)
  where kind = 'witness' and retired_ms is null;
create trigger witnesses_stay before delete on witnesses for each row execute function refuse_change();
create trigger witnesses_no_truncate before truncate on witnesses for each statement execute function refuse_change();

-- Evidence beside the record: each line under the checkpoint it belongs to, never changed and never taken away.
create table cosignatures (
  log_id text not null,
  size bigint not null,
  witness_id text not null references witnesses (id),
  -- POSIX seconds, by the witness's own clock and under its signature.
  at_s bigint not null,
  line text not null,
  received_ms bigint not null,
  primary key (log_id, size, witness_id, at_s),
  foreign key (log_id, size) references checkpoints (log_id, size)
);
create index cosignatures_of_witness on cosignatures (witness_id, size);
create trigger cosignatures_append_only before update or delete on cosignatures for each row execute function refuse_change();
create trigger cosignatures_no_truncate before truncate on cosignatures for each statement execute function refuse_change();

-- Every quorum policy there ever was; the newest is in force.
create table quorum_policies (
  operation_id text not null references operations (id),
  number integer not null,
  text text not null,
  need integer not null,
  witness_ids text[] not null,
  set_by text not null references officers (id),
  set_ms bigint not null,
  primary key (operation_id, number)
);
create trigger quorum_policies_append_only before update or delete on quorum_policies for each row execute function refuse_change();
create trigger quorum_policies_no_truncate before truncate on quorum_policies for each statement execute function refuse_change();
