//! The dates of a person. Each source is a function over the reader and a first day, and is named in
//! [`events`].

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Europe::Paris;
use sqlx::PgConnection;

use super::people::Reader;
use super::{decisions, meetings};
use crate::auth::Permission;
use crate::features::companies::model::shown_name;
use crate::formats::icalendar::{Event, When};
use crate::web::AppState;

/// Dates of less than a month ago stay on the calendar.
const PAST: Days = Days::new(31);

/// A date of someone, before it is an event.
struct Due {
    key: String,
    day: NaiveDate,
    what: &'static str,
    company: Option<String>,
    path: String,
}

/// Every event of a reader, with the rights of this moment. Titles never hold a level.
pub async fn events(
    conn: &mut PgConnection,
    state: &AppState,
    reader: &Reader,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Event>> {
    let today = now.with_timezone(&Paris).date_naive();
    let from = today.checked_sub_days(PAST).unwrap_or(today);
    let mut due = Vec::new();
    if reader.may(Permission::HandleAlerts) {
        due.extend(alerts(conn, reader, from).await?);
    }
    if reader.may(Permission::ViewRisk) {
        due.extend(expiries(conn, reader, from).await?);
    }
    due.extend(duties(conn, reader, from).await?);
    let mut events = Vec::new();
    if reader.may(Permission::ViewWorkshops) {
        let since = now - TimeDelta::days(31);
        let link = |path: &str| state.link(path);
        events = decisions::own_workshops(conn, reader.id, since, link).await?;
    }
    let since = now - TimeDelta::days(31);
    let own = meetings::own_meetings(conn, reader, (since, None)).await?;
    events.extend(own.iter().map(|one| one.event(|path| state.link(path))));
    events.extend(due.iter().map(|one| event(state, one)));
    Ok(events)
}

fn event(state: &AppState, due: &Due) -> Event {
    let name = shown_name(due.company.as_deref());
    let url = state.link(&due.path);
    Event {
        uid: format!("{}@vigie", due.key),
        sequence: 0,
        when: When::Day(due.day),
        summary: format!("{}\u{a0}: {name}", due.what),
        description: url.clone(),
        location: String::new(),
        url,
    }
}

/// Alerts that wait until a day, for who looks after them.
async fn alerts(
    conn: &mut PgConnection,
    reader: &Reader,
    from: NaiveDate,
) -> sqlx::Result<Vec<Due>> {
    let rows = sqlx::query!(
        r#"select a.id, a.waits_until as "day!",
                  case when c.diffusible or not c.is_person then c.name end as company
           from alerts a join companies c on c.siren = a.siren
           where a.assignee_id = $1 and a.status = 'waiting' and a.waits_until >= $2
           order by a.waits_until, a.id limit 500"#,
        reader.id,
        from
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Due {
            key: format!("alert-{}", row.id),
            day: row.day,
            what: "Alerte à reprendre",
            company: row.company,
            path: format!("/alertes/{}", row.id),
        })
        .collect())
}

/// Decisions of workshops, actions of plans and promises of meetings, for who carries them out.
async fn duties(
    conn: &mut PgConnection,
    reader: &Reader,
    from: NaiveDate,
) -> sqlx::Result<Vec<Due>> {
    let rows = decisions::own_duties(conn, reader, (Some(from), None)).await?;
    let due = |row: decisions::Duty| {
        let (what, path) = match row.kind.as_str() {
            "action" => ("Échéance d’une action", "/actions"),
            "step" => ("Suite promise", "/rencontres"),
            _ => ("Décision d’atelier", "/decisions"),
        };
        Due {
            key: format!("{}-{}", row.kind, row.id),
            day: row.due_on,
            what,
            company: row.company,
            path: format!("{path}/{}", row.page_id),
        }
    };
    Ok(rows.into_iter().map(due).collect())
}

/// Signals and views on a level that end, for their author.
async fn expiries(
    conn: &mut PgConnection,
    reader: &Reader,
    from: NaiveDate,
) -> sqlx::Result<Vec<Due>> {
    let rows = sqlx::query!(
        r#"select d.id as "id!", d.day as "day!", d.is_signal as "is_signal!", d.siren as "siren!",
                  case when c.diffusible or not c.is_person then c.name end as company
           from (select id, siren, expires_on as day, true as is_signal from signals
                 where author_id = $1 and withdrawn_on is null and expires_on >= $2
                 union all
                 select id, siren, expires_on, false from risk_overrides
                 where author_id = $1 and withdrawn_on is null and expires_on >= $2) d
           join companies c on c.siren = d.siren
           where $3::text[] is null or exists (
             select from establishments s join current_memberships m on m.insee_code = s.insee_code
             where s.siren = d.siren and m.territory_siren = any($3))
           order by d.day, d.id limit 500"#,
        reader.id,
        from,
        reader.scope(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Due {
            key: format!(
                "{}-{}",
                if row.is_signal { "signal" } else { "view" },
                row.id
            ),
            day: row.day,
            what: if row.is_signal {
                "Fin d’un signal, à confirmer"
            } else {
                "Fin d’un avis, à revoir"
            },
            company: row.company,
            path: format!("/entreprises/{}", row.siren),
        })
        .collect())
}
