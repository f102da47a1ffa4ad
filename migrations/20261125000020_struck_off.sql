-- A company that left the register is no longer predicted: its state is shown in place of its level.
alter table company_risks drop column shown;
alter table company_risks add column shown text generated always as (
  case when state in ('safeguard', 'safeguard_plan', 'receivership', 'receivership_plan', 'liquidation')
       then 'procedure'
       when state = 'struck_off' then 'struck_off'
       else retained end) stored;

-- An alert that someone follows stays open when the level falls, and says where it fell.
alter table alerts drop constraint alerts_level_known;
alter table alerts add constraint alerts_level_known check (level in ('low', 'moderate', 'high', 'critical'));
