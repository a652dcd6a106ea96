create table operations (
  id text primary key references logs (id),
  name text not null,
  purpose text not null,
  state text not null check (state in ('live', 'closed')),
  created_ms bigint not null,
  closed_ms bigint
);

create table compartments (
  id text primary key,
  operation_id text not null references operations (id),
  name text not null,
  unique (operation_id, name)
);

create table members (
  operation_id text not null references operations (id),
  officer_id text not null references officers (id),
  role text not null check (role in ('lead', 'officer', 'observer', 'auditor')),
  compartment_ids text[] not null,
  added_ms bigint not null,
  removed_ms bigint,
  primary key (operation_id, officer_id)
);
create index members_of_officer on members (officer_id) where removed_ms is null;
