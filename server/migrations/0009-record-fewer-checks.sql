-- One statement writes the head, the entries, their contents and the index of boards: what these constraints looked up
-- again, row by row, it has just written itself. They took half of the time of a commit (docs/decisions/0008).
alter table entries drop constraint entries_log_id_fkey;
alter table entry_contents drop constraint entry_contents_log_id_seq_fkey;
alter table board_updates drop constraint board_updates_board_id_fkey;
