//! One timeline for a company: places, headcounts, contacts, signals, dates of its life.

use chrono::NaiveDate;
use sqlx::PgConnection;

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
}

/// What the visitor may see of a company.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// Territories; none for all.
    pub scope: Option<&'a [String]>,
    /// Whether they see what people say of its risk.
    pub risk: bool,
    /// Whether they see all the meetings, and their organisation; none for who sees none.
    pub meetings: Option<(bool, uuid::Uuid)>,
}

/// The latest events, the newest first. Kinds: `created`, `ceased`, `site_closed`; `key_chosen`,
/// `key_moved`, `key_referent_changed`, `key_replaced`, `key_released` (within the scope);
/// `headcounts`; `contact_insert`, `contact_update`, `contact_archived`, `contact_restored`, `contact_erased`,
/// `contact_delete` (one that is gone or erased has no name any more); `signal_noted`, `signal_withdrawn`, `level_up`, `level_down`, for who sees the risk;
/// `meeting_` and its kind, for who may read it.
pub async fn events(
    conn: &mut PgConnection,
    seen: Seen<'_>,
    siren: &str,
    limit: i64,
) -> sqlx::Result<Vec<EventRow>> {
    sqlx::query_as!(
        EventRow,
        r#"select day as "on!", kind as "kind!", subject, detail, from_slot, to_slot, person from (
             select created_on as day, 'created' as kind, null as subject, null as detail,
                    null::smallint as from_slot, null::smallint as to_slot, null as person, now() as at
             from companies where siren = $2 and created_on is not null
             union all
             select ceased_on, 'ceased', null, null, null, null, null, now()
             from companies where siren = $2 and not active and ceased_on is not null
             union all
             (select e.closed_on, 'site_closed', e.siret, coalesce(u.name, e.commune_label), null, null, null, now()
              from establishments e
              left join municipalities u on u.insee_code = e.insee_code
              where e.siren = $2 and not e.active and e.closed_on is not null
              order by e.closed_on desc limit 20)
             union all
             select (v.at at time zone 'Europe/Paris')::date, 'key_' || v.kind, t.short_name, v.motive,
                    v.from_slot, v.to_slot,
                    case when v.kind = 'referent_changed' then r.full_name else v.actor_name end, v.at
             from key_companies k
             join key_company_events v on v.key_company_id = k.id
             join territories t on t.siren = k.territory_siren
             left join users r on r.id = v.referent_id
             where k.siren = $2 and ($1::text[] is null or k.territory_siren = any($1))
             union all
             select (max(i.applied_at) at time zone 'Europe/Paris')::date, 'headcounts', max(i.label),
                    count(*)::text, null, null, max(i.created_by_name), max(i.applied_at)
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
                    null, null, a.actor_name, a.at
             from audit_events a
             left join contacts ct on ct.siren = $2 and ct.id::text = a.object_id
             where a.object_type = 'contacts' and a.verb in ('insert', 'update', 'delete') and a.object_id in (
               select object_id from audit_events
               where object_type = 'contacts' and coalesce(after ->> 'siren', before ->> 'siren') = $2)
             union all
             select (s.created_at at time zone 'Europe/Paris')::date, 'signal_noted', s.kind, s.motive,
                    null, null, s.author_name, s.created_at
             from signals s where $4 and s.siren = $2
             union all
             -- After its own note when both are of the same day.
             select s.withdrawn_on, 'signal_withdrawn', s.kind, s.withdrawal_motive, null, null,
                    s.withdrawn_by, s.created_at + interval '1 second'
             from signals s where $4 and s.siren = $2
             union all
             select o.decided_on, 'level_' || o.direction, null, o.motive, null, null, o.author_name, now()
             from risk_overrides o where $4 and o.siren = $2
             union all
             (select m.held_on, 'meeting_' || m.kind, null, m.summary, null, null, m.author_name, m.created_at
              from meetings m
              where $5::uuid is not null and m.siren = $2 and m.undone_at is null and m.status = 'held'
                and ($6::bool or m.is_shared or m.organisation_id = $5 and not m.by_council)
              order by m.held_on desc limit $3)
           ) events
           where day is not null
           order by day desc, at desc
           limit $3"#,
        seen.scope,
        siren,
        limit,
        seen.risk,
        seen.meetings.map(|(_, organisation)| organisation),
        seen.meetings.is_some_and(|(council, _)| council),
    )
    .fetch_all(conn)
    .await
}
