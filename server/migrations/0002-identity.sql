create table hub (
  only_row boolean primary key default true check (only_row),
  log_origin text not null,
  mode text not null check (mode in ('live', 'exercise')),
  started_ms bigint not null
);

create table desks (
  id text primary key,
  code text not null unique,
  name text not null,
  country text not null,
  kind text not null check (kind in ('police', 'partner')),
  added_ms bigint not null
);

create table officers (
  id text primary key,
  desk_id text not null references desks (id),
  handle text not null unique,
  name text not null,
  email text not null unique,
  host_administrator boolean not null default false,
  epoch bigint not null default 0,
  password_hash text,
  totp_sealed bytea,
  totp_last_step bigint not null default 0,
  added_ms bigint not null
);
create index officers_of_desk on officers (desk_id);

create table sessions (
  token_hash bytea primary key,
  officer_id text not null references officers (id),
  officer_epoch bigint not null,
  amr text not null check (amr in ('password+totp', 'exercise')),
  started_ms bigint not null,
  last_input_ms bigint not null,
  expires_ms bigint not null,
  ended_ms bigint,
  ended_why text
);
create index sessions_of_officer on sessions (officer_id) where ended_ms is null;

create table enrolments (
  token_hash bytea primary key,
  purpose text not null check (purpose in ('first-administrator', 'officer')),
  officer_id text references officers (id),
  totp_sealed bytea not null,
  expires_ms bigint not null,
  used_ms bigint
);
