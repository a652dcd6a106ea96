-- What a record is searched by, and how much of what it holds when: both derived from entries and their contents, in
-- order, by the follower of server/features/review/words. Emptied together, they are built again.
create table review_words (
  log_id text not null,
  seq bigint not null,
  -- An entry has several pieces of text: each row of an import is one.
  part integer not null,
  at_ms bigint not null,
  kind text not null,
  outcome text not null,
  officer_id text,
  country text,
  object_id text,
  compartment_id text,
  text text not null,
  words tsvector not null,
  primary key (log_id, seq, part)
);
create index review_words_found on review_words using gin (words) with (fastupdate = off);

-- Entries by hour of the POSIX epoch and what filters ask for; '' stands for none.
create table review_tally (
  log_id text not null,
  hour bigint not null,
  kind text not null,
  outcome text not null,
  country text not null,
  officer_id text not null,
  compartment_id text not null,
  entries bigint not null,
  first_seq bigint not null,
  last_seq bigint not null,
  primary key (log_id, hour, kind, outcome, country, officer_id, compartment_id)
);

create index review_tally_by_kind on review_tally (log_id, kind, hour);

create table review_progress (
  log_id text primary key references logs (id),
  up_to bigint not null
);

-- Content that is destroyed is not to be found any more: in the same transaction, whoever destroys it.
create function forget_words() returns trigger language plpgsql as $$
begin
  delete from review_words where log_id = old.log_id and seq = old.seq;
  return null;
end
$$;
create trigger contents_forget_words after delete on entry_contents for each row execute function forget_words();
