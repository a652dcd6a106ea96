-- Which life of a record this is: another one each time its end was really cut off, never one used before.
alter table logs add column doc_epoch text not null default '0000000000000000';

-- Each cut that was noticed or declared, once. `mark` says by what: a checkpoint that was signed, or the host's word.
create table record_cuts (
  log_id text not null references logs (id),
  mark text not null,
  doc_epoch text not null,
  -- Entries that were there when it was noticed.
  head bigint not null,
  at_ms bigint not null,
  primary key (log_id, mark)
);
create trigger record_cuts_append_only before update or delete on record_cuts for each row execute function refuse_change();
