-- A view on the level is withdrawn as a signal is: by somebody, for a reason. Those that were withdrawn
-- before say that none was asked.
alter table risk_overrides
  add column withdrawn_by text,
  add column withdrawal_motive text;
update risk_overrides set withdrawn_by = author_name, withdrawal_motive = 'Motif non demandé à cette date.'
 where withdrawn_on is not null;
alter table risk_overrides
  add constraint risk_overrides_withdrawal_whole check (
    (withdrawn_on is null) = (withdrawn_by is null) and (withdrawn_on is null) = (withdrawal_motive is null)),
  add constraint risk_overrides_withdrawal_motive check (length(btrim(withdrawal_motive)) >= 10);
