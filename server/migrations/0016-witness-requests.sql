-- What one desk has asked for and another has to confirm: one at a time for each operation. Gone once it is settled; the
-- record keeps who asked, confirmed, withdrew or refused.
create table witness_requests (
  operation_id text primary key references operations (id),
  id text not null,
  what text not null check (what in ('retire', 'quorum')),
  -- Of a retirement: the key.
  witness_id text references witnesses (id),
  -- Of a quorum: who counts, and how many of them it takes.
  witness_ids text[],
  need integer,
  reason text not null,
  asked_by text not null references officers (id),
  asked_ms bigint not null,
  check ((what = 'retire') = (witness_id is not null)),
  check ((what = 'quorum') = (witness_ids is not null and need is not null))
);

-- Who asked for a policy that another desk confirmed; null for the first one, which nobody has to confirm.
alter table quorum_policies add column asked_by text references officers (id);
