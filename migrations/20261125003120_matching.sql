-- R&D and skills matching: what companies and organisations need or offer, by theme; introductions between
-- them, each step of which is kept.
create table matching_themes (
  code text primary key,
  dossier text not null,
  label text not null,
  position smallint not null unique,
  constraint matching_themes_dossier_known check (dossier in ('training', 'research')),
  constraint matching_themes_once unique (dossier, label)
);
-- The measures of the training dossier; the fields of research, where a measure only says with whom.
insert into matching_themes (code, dossier, label, position) values
  ('skills', 'training', 'Compétences', 1),
  ('hiring', 'training', 'Recrutement', 2),
  ('succession', 'training', 'Transmission', 3),
  ('materials', 'research', 'Matériaux et procédés', 4),
  ('textile', 'research', 'Textile et cuir', 5),
  ('food', 'research', 'Agroalimentaire', 6),
  ('digital', 'research', 'Numérique et automatisation', 7),
  ('energy', 'research', 'Énergie', 8),
  ('water', 'research', 'Eau et déchets', 9),
  ('tests', 'research', 'Essais et mesures', 10);

create table matching_entries (
  id uuid primary key,
  side text not null,
  -- Who needs or offers: a company or an organisation.
  siren text references companies,
  organisation_id uuid references organisations,
  theme text not null references matching_themes,
  text text not null,
  -- The day on which they said it.
  said_on date not null,
  -- The need heard at a meeting that it comes from.
  company_need_id uuid references company_needs,
  -- Else for the council and who wrote it.
  is_shared boolean not null default false,
  closed_on date,
  closing_motive text not null default '',
  author_id uuid not null references users,
  author_name text not null,
  -- Of the author, on that day.
  written_by uuid not null references organisations,
  by_council boolean not null default false,
  created_at timestamptz not null,
  version int not null default 1,
  constraint matching_entries_side_known check (side in ('need', 'offer')),
  constraint matching_entries_one_bearer check (num_nonnulls(siren, organisation_id) = 1),
  constraint matching_entries_text check (btrim(text) <> '' and length(text) <= 500),
  constraint matching_entries_heard_need check (company_need_id is null or side = 'need' and siren is not null),
  constraint matching_entries_closed_with_a_motive check (
    case when closed_on is null then closing_motive = '' else length(btrim(closing_motive)) >= 10 end),
  constraint matching_entries_by_side unique (id, side)
);
-- A need heard at a meeting is searched for once.
create unique index matching_entries_one_a_heard_need on matching_entries (company_need_id);
create index matching_entries_by_company on matching_entries (siren);
create index matching_entries_by_organisation on matching_entries (organisation_id);
create index matching_entries_open on matching_entries (theme, side) where closed_on is null;
create trigger matching_entries_version before update on matching_entries
  for each row execute function bump_version();

create table introductions (
  id uuid primary key,
  need_id uuid not null,
  need_side text not null generated always as ('need') stored,
  -- With whom, and the offer that answers when there is one.
  siren text references companies,
  organisation_id uuid references organisations,
  offer_id uuid,
  offer_side text not null generated always as ('offer') stored,
  state text not null default 'proposed',
  state_on date not null,
  -- What followed, or why nothing did.
  outcome text not null default '',
  proposed_on date not null,
  author_id uuid not null references users,
  author_name text not null,
  created_at timestamptz not null,
  version int not null default 1,
  constraint introductions_about_a_need foreign key (need_id, need_side) references matching_entries (id, side),
  constraint introductions_with_an_offer foreign key (offer_id, offer_side) references matching_entries (id, side),
  constraint introductions_one_party check (num_nonnulls(siren, organisation_id) = 1),
  constraint introductions_state_known check (state in ('proposed', 'accepted', 'met', 'pursued', 'dropped')),
  constraint introductions_ended_says_how check (state not in ('pursued', 'dropped') or btrim(outcome) <> ''),
  constraint introductions_in_order check (state_on >= proposed_on)
);
-- Two parties are introduced once at a time about one need.
create unique index introductions_one_running on introductions (need_id, coalesce(siren, organisation_id::text))
  where state in ('proposed', 'accepted', 'met');
create index introductions_by_need on introductions (need_id);
create index introductions_by_offer on introductions (offer_id);
create index introductions_by_company on introductions (siren);
create index introductions_by_organisation on introductions (organisation_id);
create index introductions_by_day on introductions (proposed_on desc, id desc);
create trigger introductions_version before update on introductions for each row execute function bump_version();

create table introduction_events (
  id bigint generated always as identity primary key,
  introduction_id uuid not null references introductions,
  state text not null,
  happened_on date not null,
  note text not null default '',
  actor_id uuid not null references users,
  actor_name text not null,
  at timestamptz not null,
  constraint introduction_events_state_known check (
    state in ('proposed', 'accepted', 'met', 'pursued', 'dropped'))
);
create index introduction_events_by_introduction on introduction_events (introduction_id, id);
create trigger introduction_events_append_only before update or delete or truncate on introduction_events
  for each statement execute function refuse_change();

-- Where somebody works: the territory of a company's establishment here, those of an organisation.
create function matching_territories(company text, organisation uuid) returns text[]
language sql stable parallel safe
  return array(
    select m.territory_siren
    from public.companies c
    join public.establishments e on e.siret = c.local_siret
    join public.current_memberships m on m.insee_code = e.insee_code
    where c.siren = company
    union
    select t.territory_siren from public.organisation_territories t where t.organisation_id = organisation);

-- Needs and offers with their words.
create view matching_board as
select e.id, e.side, e.siren, e.organisation_id, e.theme, t.label as theme_label, t.dossier, e.text, e.said_on,
       e.company_need_id, e.is_shared, e.closed_on, e.closing_motive, e.author_name, e.written_by, e.by_council, e.created_at,
       e.version, case when e.siren is null then o.name when c.diffusible or not c.is_person then c.name end as bearer,
       o.kind as bearer_kind, coalesce(o.covers_everywhere, false) as is_everywhere,
       matching_territories(e.siren, e.organisation_id) as territories
from matching_entries e
join matching_themes t on t.code = e.theme
left join companies c on c.siren = e.siren
left join organisations o on o.id = e.organisation_id;

-- Who reads a need or an offer: the council; else, when it is shared or their own words, those of a
-- territory where its bearer is, and the organisation that it is of or that was introduced for it.
create function reads_matching(council boolean, scope text[], own uuid, entry uuid) returns boolean
language sql stable parallel safe
  return council or exists (
    select from public.matching_entries e
    left join public.organisations o on o.id = e.organisation_id
    where e.id = entry and (e.is_shared or e.written_by = own and not e.by_council)
      and (scope is null or e.organisation_id = own or o.covers_everywhere
        or matching_territories(null, e.organisation_id) && scope
        or exists (
          select from public.establishments s
          join public.current_memberships m on m.insee_code = s.insee_code
          where s.siren = e.siren and m.territory_siren = any (scope))
        or exists (select from public.introductions i where i.need_id = e.id and i.organisation_id = own)));

-- What the page of a company or of an organisation tells: its needs, its offers, its introductions.
create function matching_lines(council boolean, scope text[], own uuid, company text, organisation uuid) returns jsonb
language sql stable parallel safe
  return (
    select coalesce(jsonb_agg(to_jsonb(x) order by x.is_over, x."on" desc, x.id), '[]') from (
      (select b.id, b.side as kind, b.theme_label as theme, b.text, b.said_on as "on", null as state,
              null as other, b.closed_on is not null as is_over
       from public.matching_board b
       where (b.siren = company or b.organisation_id = organisation)
         and public.reads_matching(council, scope, own, b.id)
       order by b.closed_on is not null, b.said_on desc, b.id desc limit 20)
      union all
      (select i.id, 'introduction', n.theme_label, n.text, i.state_on, i.state,
              case when n.siren = company or n.organisation_id = organisation then
                -- A company out of the reader's scope is not named.
                case when i.siren is null then o.name
                     when (c.diffusible or not c.is_person) and (scope is null or exists (
                       select from public.establishments s
                       join public.current_memberships m on m.insee_code = s.insee_code
                       where s.siren = i.siren and m.territory_siren = any (scope))) then c.name end
                else n.bearer end,
              i.state in ('pursued', 'dropped')
       from public.introductions i
       join public.matching_board n on n.id = i.need_id
       left join public.organisations o on o.id = i.organisation_id
       left join public.companies c on c.siren = i.siren
       where (n.siren = company or n.organisation_id = organisation or i.siren = company
              or i.organisation_id = organisation)
         and public.reads_matching(council, scope, own, i.need_id)
       order by i.state in ('pursued', 'dropped'), i.state_on desc, i.id desc limit 20)) x);

-- What people write stays out of the audit, which knows that it was written, by whom and when.
create trigger matching_entries_audit after insert or update or delete on matching_entries
  for each row execute function audit_row('id', 'text,closing_motive');
create trigger introductions_audit after insert or update or delete on introductions
  for each row execute function audit_row('id', 'outcome');
create trigger introduction_events_audit after insert on introduction_events
  for each row execute function audit_row('id', 'note');

do $$
begin
  if exists (select from pg_roles where rolname = 'vigie_app') then
    revoke insert, update, delete, truncate on matching_themes from vigie_app;
    revoke delete, truncate on matching_entries, introductions from vigie_app;
    revoke update, delete, truncate on introduction_events from vigie_app;
  end if;
end $$;
