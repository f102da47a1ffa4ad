-- A signal of a meeting that is not shared says where it was seen and nothing more: partners of the territory
-- read signals, not that meeting. The audit knows that a motive was written, not its words.
drop trigger signals_audit on signals;
create trigger signals_audit after insert or update or delete on signals
  for each row execute function audit_row('id', 'motive,withdrawal_motive');

update signals g set motive = 'Constaté lors de la rencontre du ' || to_char(m.held_on, 'DD/MM/YYYY') || '.'
  from meeting_signals x join meetings m on m.id = x.meeting_id
 where x.signal_id = g.id and not m.is_shared;

-- Only a meeting at the highest level is planned.
alter table meetings add constraint meetings_planned_at_the_highest_level
  check (status = 'held' or kind = 'top_level');
