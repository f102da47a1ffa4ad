-- A liquidation that is closed for lack of assets ends the company (article 1844-7, 7° of the Code civil):
-- it has left the register as much as one that is struck off, and nothing is predicted of it any more.
alter table risk_assessments drop constraint risk_assessments_state_known;
alter table risk_assessments add constraint risk_assessments_state_known check (state in
  ('none', 'safeguard', 'safeguard_plan', 'receivership', 'receivership_plan', 'liquidation', 'closed', 'dissolved', 'struck_off'));

alter table company_risks drop column shown;
alter table company_risks add column shown text generated always as (
  case when state in ('safeguard', 'safeguard_plan', 'receivership', 'receivership_plan', 'liquidation')
       then 'procedure'
       when state in ('dissolved', 'struck_off') then 'struck_off'
       else retained end) stored;

-- Notices that were read before the distinction was made are read again.
update facts
   set content = jsonb_set(content, '{judgment,reading}', '{"category": "dissolution", "procedure": "liquidation"}')
 where kind = 'notice'
   and content #>> '{judgment,reading,category}' = 'closure'
   and (content #>> '{judgment,nature}' ~* 'insuffisance d.actif'
        -- A vague nature was read in its free text.
        or (content #>> '{judgment,nature}' ~* '^autre' and content #>> '{judgment,complement}' ~* 'insuffisance d.actif'));
