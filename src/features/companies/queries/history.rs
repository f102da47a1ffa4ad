//! One timeline for a company: places, headcounts, contacts, signals, dates of its life.

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

/// One thing that happened.
#[derive(Debug)]
pub struct EventRow {
    /// When, as a date in France.
    pub on: NaiveDate,
    /// What: see [`events`].
    pub kind: String,
    /// Territory, label of the import, name of the contact, SIRET, after the kind.
    pub subject: Option<String>,
    /// Motive, or number of rows.
    pub detail: Option<String>,
    /// Place left.
    pub from_slot: Option<i16>,
    /// Place taken.
    pub to_slot: Option<i16>,
    /// Who did it, or who is concerned.
    pub person: Option<String>,
    /// The legal notice.
    pub notice: Option<serde_json::Value>,
}

/// What the visitor may see of a company.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// Territories; none for all.
    pub scope: Option<&'a [String]>,
    /// Whether they see what people and notices say of its risk.
    pub risk: bool,
    /// The reader's organisation; none for who sees no workshop.
    pub organisation_id: Option<Uuid>,
    /// Whether they see all the meetings, and their organisation; none for who sees none.
    pub meetings: Option<(bool, uuid::Uuid)>,
}

/// A kind of events, to narrow the history: its name in addresses, the prefix of its codes, its words.
pub const FAMILIES: [(&str, &str, &str); 11] = [
    ("places", "key_", "Places"),
    ("annonces", "notice", "Annonces légales"),
    ("alertes", "alert_", "Alertes"),
    ("rencontres", "meeting_", "Rencontres"),
    ("plans", "plan_", "Plans d’actions"),
    ("relations", "introduction_", "Mises en relation"),
    ("liens", "supply_", "Clients et fournisseurs"),
    ("ateliers", "workshop_", "Ateliers"),
    ("signaux", "signal_", "Signaux"),
    ("contacts", "contact_", "Contacts"),
    ("effectifs", "headcounts", "Effectifs"),
];

/// The latest events, the newest first. Kinds: `created`, `ceased`, `site_closed`; `key_chosen`,
/// `key_moved`, `key_referent_changed`, `key_replaced`, `key_released` (within the scope);
/// `headcounts`; `contact_insert`, `contact_update`, `contact_archived`, `contact_restored`,
/// `contact_erased`, `contact_delete` (one that is gone or erased has no name any more); for who sees
/// the risk `signal_noted`, `signal_withdrawn`, `level_up`, `level_down`, `level_withdrawn`,
/// `accounts_removed`, `notice`, and `alert_` with the kind of what people did with an alert. `family`
/// is the prefix of the kinds wanted. For who sees workshops, within theirs: `workshop_held`,
/// `workshop_decided`, `workshop_done`, `workshop_dropped`. For who may read it, `meeting_` and its kind,
/// `plan_opened`, `plan_closed`, `plan_added`, `plan_done`, `plan_dropped`, `introduction_` and its state,
/// `supply_noted_` and `supply_ended_` with `customer` or `supplier`: what the other one is.
#[expect(clippy::too_many_lines, reason = "one statement")]
pub async fn events(
    conn: &mut PgConnection,
    seen: Seen<'_>,
    siren: &str,
    family: Option<&str>,
    limit: i64,
) -> sqlx::Result<Vec<EventRow>> {
    sqlx::query_as!(
        EventRow,
        r#"select day as "on!", kind as "kind!", subject, detail, from_slot, to_slot, person, notice from (
             select created_on as day, 'created' as kind, null as subject, null as detail,
                    null::smallint as from_slot, null::smallint as to_slot, null as person, now() as at,
                    null::jsonb as notice
             from companies where siren = $2 and created_on is not null
             union all
             select ceased_on, 'ceased', null, null, null, null, null, now(), null
             from companies where siren = $2 and not active and ceased_on is not null
             union all
             (select e.closed_on, 'site_closed', e.siret, coalesce(u.name, e.commune_label), null, null, null, now(), null
              from establishments e
              left join municipalities u on u.insee_code = e.insee_code
              where e.siren = $2 and not e.active and e.closed_on is not null
              order by e.closed_on desc limit 20)
             union all
             select (v.at at time zone 'Europe/Paris')::date, 'key_' || v.kind, t.short_name, v.motive,
                    v.from_slot, v.to_slot,
                    case when v.kind = 'referent_changed' then r.full_name else v.actor_name end, v.at, null
             from key_companies k
             join key_company_events v on v.key_company_id = k.id
             join territories t on t.siren = k.territory_siren
             left join users r on r.id = v.referent_id
             where k.siren = $2 and ($1::text[] is null or k.territory_siren = any($1))
             union all
             select (max(i.applied_at) at time zone 'Europe/Paris')::date, 'headcounts', max(i.label),
                    count(*)::text, null, null, max(i.created_by_name), max(i.applied_at), null
             from establishments e
             join headcounts h on h.siret = e.siret
             join imports i on i.id = h.import_id
             where e.siren = $2 and i.applied_at is not null
             group by i.id
             union all
             select (a.at at time zone 'Europe/Paris')::date,
                    case when a.after ? 'erased_at' and a.verb = 'update' then 'contact_erased'
                         when a.after ? 'archived_on' and a.verb = 'update' then
                           case when a.after ->> 'archived_on' is null then 'contact_restored'
                                else 'contact_archived' end
                         else 'contact_' || a.verb end,
                    case when ct.erased_at is null then ct.full_name end, null,
                    null, null, a.actor_name, a.at, null
             from audit_events a
             left join contacts ct on ct.siren = $2 and ct.id::text = a.object_id
             where a.object_type = 'contacts' and a.verb in ('insert', 'update', 'delete') and a.object_id in (
               select object_id from audit_events
               where object_type = 'contacts' and coalesce(after ->> 'siren', before ->> 'siren') = $2)
             union all
             select (s.created_at at time zone 'Europe/Paris')::date, 'signal_noted', s.kind, s.motive,
                    null, null, s.author_name, s.created_at, null
             from signals s where $4 and s.siren = $2
             union all
             -- After its own note when both are of the same day.
             select s.withdrawn_on, 'signal_withdrawn', s.kind, s.withdrawal_motive, null, null,
                    s.withdrawn_by, s.created_at + interval '1 second', null
             from signals s where $4 and s.siren = $2
             union all
             select o.decided_on, 'level_' || o.direction, null, o.motive, null, null, o.author_name, now(), null
             from risk_overrides o where $4 and o.siren = $2
             union all
             (select f.happened_on, 'notice', null, null, null, null, null, now(), f.content
              from facts f where $4 and f.siren = $2 and f.kind = 'notice'
              order by f.happened_on desc limit $3)
             union all
             (select (v.at at time zone 'Europe/Paris')::date, 'alert_' || v.kind,
                     -- What is said of another company is for those who may see that one.
                     case when v.kind <> 'merged' then v.text end, null, null, null,
                     v.actor_name, v.at, null
              from alerts al join alert_events v on v.alert_id = al.id
              where $4 and al.siren = $2
              order by v.id desc limit $3)
             union all
             select o.withdrawn_on, 'level_withdrawn', o.direction, o.withdrawal_motive, null, null,
                    o.withdrawn_by, now() + interval '1 second', null
             from risk_overrides o where $4 and o.siren = $2
             union all
             select (r.removed_at at time zone 'Europe/Paris')::date, 'accounts_removed', r.closed_on::text,
                    r.motive, null, null, r.removed_by_name, r.removed_at, null
             from removed_accounts r where $4 and r.siren = $2
             union all
             (select x.day, x.kind, x.subject, x.detail, null, null, null, x.at, null
              from workshop_companies wc join workshops w on w.id = wc.workshop_id
              cross join lateral (
                select (w.held_at at time zone 'Europe/Paris')::date as day, 'workshop_held' as kind,
                       w.title as subject, null::text as detail, w.held_at as at
                where w.held_at <= now()
                union all
                select (d.decided_at at time zone 'Europe/Paris')::date, 'workshop_decided', d.text, null, d.decided_at
                from workshop_decisions d where d.workshop_id = w.id and d.siren = wc.siren
                union all
                select d.done_on, 'workshop_' || d.status, d.text, nullif(d.outcome, ''), now()
                from workshop_decisions d
                where d.workshop_id = w.id and d.siren = wc.siren and d.status <> 'open') x
              where wc.siren = $2 and w.cancelled_at is null and $6::uuid is not null
                and ($1 is null or w.territory_siren = any($1) or workshop_concerns(w.id, $6))
              order by x.at desc limit $3)
             union all
             (select m.held_on, 'meeting_' || m.kind, null, m.summary, null, null, m.author_name, m.created_at, null
              from meetings m
              where $7::uuid is not null and m.siren = $2 and m.undone_at is null and m.status = 'held'
                and ($8::bool or m.is_shared or m.organisation_id = $7 and not m.by_council)
              order by m.held_on desc limit $3)
             union all
             (select x.day, x.kind, x.subject, x.detail, null, null, x.person, x.at, null
              from action_plans p
              join users ob on ob.id = p.opened_by
              left join users cb on cb.id = p.closed_by
              cross join lateral (
                select p.opened_on as day, 'plan_opened' as kind, p.objective as subject, null::text as detail,
                       ob.full_name as person, p.created_at as at
                union all
                select p.closed_on, 'plan_closed', p.outcome, case when $8 then p.outcome_motive end, cb.full_name,
                       now()
                union all
                select (a.created_at at time zone 'Europe/Paris')::date, 'plan_added', a.title, null, u.full_name,
                       a.created_at + interval '1 second'
                from actions a join users u on u.id = a.created_by
                where a.plan_id = p.id and ($8 or a.is_shared)
                union all
                select a.ended_on, 'plan_' || a.status, a.title, a.result || a.reason, null, now()
                from actions a
                where a.plan_id = p.id and a.ended_on is not null and ($8 or a.is_shared)) x
              where $7 is not null and p.siren = $2 and x.day is not null
              order by x.day desc limit $3)
             union all
             (select v.happened_on, 'introduction_' || v.state,
                     case when n.siren is distinct from $2 then n.bearer
                          when i.siren is null then o.name
                          -- A company out of the scope is not named.
                          when (pc.diffusible or not pc.is_person) and ($1 is null or exists (
                            select from establishments s join current_memberships m on m.insee_code = s.insee_code
                            where s.siren = i.siren and m.territory_siren = any($1))) then pc.name end,
                     nullif(v.note, ''), null, null, v.actor_name, v.at, null
              from introductions i
              join matching_board n on n.id = i.need_id
              join introduction_events v on v.introduction_id = i.id
              left join organisations o on o.id = i.organisation_id
              left join companies pc on pc.siren = i.siren
              where $7 is not null and (n.siren = $2 or i.siren = $2) and reads_matching($8, $1, $7, i.need_id)
              order by v.id desc limit $3)
             union all
             (select x.day, x.kind || case when b.supplies then 'customer' else 'supplier' end,
                     -- A company out of the scope is not named.
                     case when b.other_siren is null then b.other_name
                          when reads_company($1, b.other_siren) then b.registered end,
                     x.detail, null, null, x.person, x.at, null
              from supply_board b
              cross join lateral (
                select (b.created_at at time zone 'Europe/Paris')::date as day, 'supply_noted_' as kind,
                       b.goods as detail, b.author_name as person, b.created_at as at
                union all
                select b.ended_on, 'supply_ended_', b.end_reason, b.ended_by, now()) x
              where $7 is not null and b.siren = $2 and x.day is not null
              order by x.day desc limit $3)
           ) events
           where day is not null and ($5::text is null or kind like $5 || '%')
           order by day desc, at desc
           limit $3"#,
        seen.scope,
        siren,
        limit,
        seen.risk,
        family,
        seen.organisation_id,
        seen.meetings.map(|(_, organisation)| organisation),
        seen.meetings.is_some_and(|(council, _)| council),
    )
    .fetch_all(conn)
    .await
}
