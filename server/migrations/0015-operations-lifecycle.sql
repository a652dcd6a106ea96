-- Where an operation stands, by docs/protocol/lifecycle.md: forward only, and who took each step.
alter table operations drop constraint operations_state_check;
alter table operations add constraint operations_state_check
  check (state in ('planned', 'live', 'closed', 'review', 'archived', 'purging', 'purged'));
alter table operations add column state_ms bigint;
update operations set state_ms = coalesce(closed_ms, created_ms);
alter table operations alter column state_ms set not null;
-- A day, UTC, and whether the record says that it has passed.
alter table operations add column retain_until date;
alter table operations add column retention_told boolean not null default false;
-- Contents of the record below this place are destroyed, or being destroyed.
alter table operations add column purged_below bigint;

create table operation_steps (
  operation_id text not null references operations (id),
  state text not null,
  officer_id text not null references officers (id),
  reason text not null,
  at_ms bigint not null,
  primary key (operation_id, state)
);

create table legal_holds (
  operation_id text not null references operations (id),
  id text not null,
  authority text not null,
  reason text not null,
  set_by text not null references officers (id),
  set_ms bigint not null,
  lifted_by text references officers (id),
  lifted_ms bigint,
  lifted_reason text,
  primary key (operation_id, id)
);

-- Why a session reads an archived operation, and until when that counts.
create table stated_purposes (
  operation_id text not null references operations (id),
  session_id text not null,
  until_ms bigint not null,
  primary key (operation_id, session_id)
);

-- Asked by one desk, confirmed by another, then carried out piece by piece.
create table purges (
  operation_id text primary key references operations (id),
  asked_by text not null references officers (id),
  asked_ms bigint not null,
  reason text not null,
  confirmed_by text references officers (id),
  confirmed_ms bigint,
  -- Contents below this place of the record are gone.
  next_seq bigint not null default 0,
  destroyed jsonb not null default '{}',
  done_seq bigint,
  done_ms bigint,
  certificate text
);

-- A purge is the one thing that may take away contents: those of an operation that is being purged and under no hold,
-- below the place where that was decided, in the transaction that writes it on the record. Nothing is ever changed.
create function allows_purge(of_log text, of_seq bigint) returns boolean language sql stable as $$
  select exists (
    select 1 from operations o
    where o.id = of_log and o.state = 'purging' and of_seq < o.purged_below
      and not exists (select 1 from legal_holds h where h.operation_id = o.id and h.lifted_ms is null)
      and exists (
        select 1 from entries e
        where e.log_id = of_log and e.kind = 'purge.part' and e.xmin = pg_current_xact_id()::xid
      )
  )
$$;

create function refuse_change_but_purge() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and allows_purge(old.log_id, old.seq) then
    return old;
  end if;
  raise exception 'the record is append-only: % on % is refused', tg_op, tg_table_name using errcode = '42501';
end
$$;

create function refuse_board_change_but_purge() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and exists (select 1 from boards b where b.id = old.board_id and allows_purge(b.operation_id, old.seq)) then
    return old;
  end if;
  raise exception 'the record is append-only: % on % is refused', tg_op, tg_table_name using errcode = '42501';
end
$$;

drop trigger contents_append_only on entry_contents;
create trigger contents_append_only before update or delete on entry_contents for each row execute function refuse_change_but_purge();
drop trigger board_updates_append_only on board_updates;
create trigger board_updates_append_only before update or delete on board_updates for each row execute function refuse_board_change_but_purge();

-- From here on an operation only goes forward, and is never purged while a hold stands, whoever writes the row.
create function keep_operation_order() returns trigger language plpgsql as $$
declare
  line constant text[] := array['planned', 'live', 'closed', 'review', 'archived', 'purging', 'purged'];
begin
  if array_position(line, new.state) < array_position(line, old.state) then
    raise exception 'an operation goes forward: from % to % is refused', old.state, new.state using errcode = '42501';
  end if;
  if new.state in ('purging', 'purged') and old.state <> new.state
     and exists (select 1 from legal_holds h where h.operation_id = new.id and h.lifted_ms is null) then
    raise exception 'a legal hold stands on this operation' using errcode = '42501';
  end if;
  return new;
end
$$;
create trigger operations_go_forward before update of state on operations for each row execute function keep_operation_order();
