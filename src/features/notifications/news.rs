//! What happened, read from the rows that other features wrote.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::features::alerts::follow::state_label;
use crate::web::levels::Level;

/// An alert that someone gave to someone else.
#[derive(Debug, Clone)]
pub struct Assigned {
    /// Key of the telling.
    pub key: String,
    /// To whom.
    pub user_id: Uuid,
    /// `alerts.id`
    pub alert_id: Uuid,
    /// Name of the company; null when masked.
    pub company: Option<String>,
    /// By whom.
    pub by: String,
}

/// Alerts given since then to people who want to know and were not told.
pub async fn assigned(
    conn: &mut PgConnection,
    since: DateTime<Utc>,
) -> sqlx::Result<Vec<Assigned>> {
    sqlx::query_as!(
        Assigned,
        r#"select 'assigned:' || e.id as "key!", a.assignee_id as "user_id!", a.id as alert_id,
                  case when c.diffusible or not c.is_person then c.name end as company,
                  e.actor_name as by
           from alert_events e
           join alerts a on a.id = e.alert_id
           join companies c on c.siren = a.siren
           left join notification_choices n on n.user_id = a.assignee_id
           where e.at > $1 and e.kind = 'assigned' and a.assignee_id is not null
             -- Given again since: only the last one is told.
             and e.at = a.taken_at and a.status in ('taken', 'waiting')
             and e.actor_id is distinct from a.assignee_id
             and coalesce(n.on_assigned, true)
             and not exists (select from notification_deliveries d
                             where d.user_id = a.assignee_id and d.key = 'assigned:' || e.id)
           order by a.assignee_id, e.id limit 1000"#,
        since
    )
    .fetch_all(conn)
    .await
}

/// A followed company whose level or state changed.
#[derive(Debug, Clone)]
pub struct Change {
    /// Key of the telling.
    pub key: String,
    /// Who follows it.
    pub user_id: Uuid,
    /// Company.
    pub siren: String,
    /// Name of the company; null when masked.
    pub company: Option<String>,
    /// Level before.
    pub retained_before: Option<String>,
    /// State before.
    pub state_before: String,
    /// Level after.
    pub retained: Option<String>,
    /// State after.
    pub state: String,
}

impl Change {
    /// « modéré, avant : faible ».
    pub fn words(&self) -> String {
        format!(
            "{}, avant\u{a0}: {}",
            standing(self.retained.as_deref(), &self.state),
            standing(self.retained_before.as_deref(), &self.state_before)
        )
    }

    fn is_change(&self) -> bool {
        standing(self.retained.as_deref(), &self.state)
            != standing(self.retained_before.as_deref(), &self.state_before)
    }
}

fn standing(retained: Option<&str>, state: &str) -> String {
    state_label(state).map_or_else(
        || Level::from_code(retained).word().to_lowercase(),
        str::to_owned,
    )
}

/// Changes since then of companies that someone follows: their referent, and who looks after their open
/// alert. `only` keeps those of one person; `untold` those that the person wants to know at once and was
/// not told. Within the territories of who is told.
pub async fn changes(
    conn: &mut PgConnection,
    since: DateTime<Utc>,
    only: Option<Uuid>,
    untold: bool,
) -> sqlx::Result<Vec<Change>> {
    sqlx::query_as!(
        Change,
        r#"select 'level:' || r.id as "key!", f.user_id as "user_id!", r.siren,
                  case when c.diffusible or not c.is_person then c.name end as company,
                  p.retained as retained_before, p.state as state_before, r.retained, r.state
           from risk_assessments r
           join lateral (select x.retained, x.state from risk_assessments x
                         where x.siren = r.siren and x.id < r.id order by x.id desc limit 1) p on true
           join companies c on c.siren = r.siren
           join lateral (select k.referent_id as user_id from key_companies k
                         where k.siren = r.siren and k.exited_on is null
                         union
                         select a.assignee_id from alerts a
                         where a.siren = r.siren and a.status in ('new', 'taken', 'waiting')) f
             on f.user_id is not null
           join users u on u.id = f.user_id
           left join notification_choices n on n.user_id = f.user_id
           where r.assessed_at > $1
             and (r.retained is distinct from p.retained or r.state <> p.state)
             and ($2::uuid is null or f.user_id = $2)
             and (u.role <> 'adviser' or exists (
               select from establishments s join current_memberships m on m.insee_code = s.insee_code
               join user_territories t on t.territory_siren = m.territory_siren
               where s.siren = r.siren and t.user_id = u.id))
             and (not $3 or (coalesce(n.on_level, true)
               and not exists (select from notification_deliveries d
                               where d.user_id = f.user_id and d.key = 'level:' || r.id)))
           order by f.user_id, r.id limit 5000"#,
        since,
        only,
        untold
    )
    .fetch_all(conn)
    .await
}

/// The same, one line a company: from where it stood first to where it stands; none for what came back.
pub fn folded(changes: &[Change]) -> Vec<Change> {
    let mut folded: Vec<Change> = Vec::new();
    for change in changes {
        match folded.iter_mut().find(|known| known.siren == change.siren) {
            Some(known) => {
                known.retained.clone_from(&change.retained);
                known.state.clone_from(&change.state);
            }
            None => folded.push(change.clone()),
        }
    }
    folded.retain(Change::is_change);
    folded
}

/// An open alert of someone.
#[derive(Debug)]
pub struct OpenAlert {
    /// Name of the company; null when masked.
    pub company: Option<String>,
    /// The day on which it is open again, while it waits.
    pub waits_until: Option<NaiveDate>,
    /// Whether its wait ended since the last digest.
    pub is_woken: bool,
}

/// Open alerts of a person, the gravest first.
pub async fn own_alerts(
    conn: &mut PgConnection,
    user_id: Uuid,
    since: DateTime<Utc>,
) -> sqlx::Result<Vec<OpenAlert>> {
    sqlx::query_as!(
        OpenAlert,
        r#"select case when c.diffusible or not c.is_person then c.name end as company, a.waits_until,
                  exists (select from alert_events e where e.alert_id = a.id and e.kind = 'woken'
                          and e.at > $2) as "is_woken!"
           from alerts a join companies c on c.siren = a.siren
           where a.assignee_id = $1 and a.status in ('taken', 'waiting')
           order by a.is_procedure desc, array_position(array['critical', 'high', 'moderate'], a.level),
                    a.opened_at, a.id
           limit 500"#,
        user_id,
        since
    )
    .fetch_all(conn)
    .await
}

/// Counts without any name.
#[derive(Debug)]
pub struct Counts {
    /// Places held.
    pub held: i64,
    /// Companies chosen since the last digest.
    pub entered: i64,
    /// Companies that left since.
    pub exited: i64,
    /// Places whose referent's account is not active any more.
    pub without_referent: i64,
    /// Mails refused or given up since.
    pub lost_mails: i64,
    /// Jobs that gave up.
    pub parked_jobs: i64,
}

/// Counts since a moment, and since its day.
pub async fn counts(
    conn: &mut PgConnection,
    since: DateTime<Utc>,
    since_day: NaiveDate,
) -> sqlx::Result<Counts> {
    sqlx::query_as!(
        Counts,
        r#"select count(*) filter (where k.exited_on is null) as "held!",
                  count(*) filter (where k.exited_on is null and k.entered_on > $2) as "entered!",
                  count(*) filter (where k.exited_on > $2) as "exited!",
                  count(*) filter (where k.exited_on is null and (u.status <> 'active' or u.role <> 'staff'))
                    as "without_referent!",
                  (select count(*) from mails where status in ('refused', 'failed') and created_at > $1)
                    as "lost_mails!",
                  (select count(*) from jobs where parked_at is not null) as "parked_jobs!"
           from key_companies k join users u on u.id = k.referent_id"#,
        since,
        since_day
    )
    .fetch_one(conn)
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(siren: &str, before: (&str, &str), after: (&str, &str)) -> Change {
        Change {
            key: "level:1".into(),
            user_id: Uuid::nil(),
            siren: siren.into(),
            company: None,
            retained_before: Some(before.0.into()),
            state_before: before.1.into(),
            retained: Some(after.0.into()),
            state: after.1.into(),
        }
    }

    #[test]
    fn several_changes_of_a_company_make_one_line_and_what_came_back_none() {
        let all = [
            change("1", ("low", "none"), ("moderate", "none")),
            change("2", ("low", "none"), ("high", "none")),
            change("1", ("moderate", "none"), ("high", "none")),
            change("2", ("high", "none"), ("low", "none")),
            change("3", ("high", "none"), ("high", "receivership")),
            change("4", ("low", "liquidation"), ("low", "dissolved")),
            change("5", ("low", "none"), ("low", "struck_off")),
        ];
        let words: Vec<String> = folded(&all).iter().map(Change::words).collect();
        assert_eq!(
            words,
            [
                "élevé, avant\u{a0}: faible",
                "redressement judiciaire, avant\u{a0}: élevé",
                "liquidation close pour insuffisance d’actif, avant\u{a0}: liquidation judiciaire",
                "radiée du registre du commerce, avant\u{a0}: faible"
            ]
        );
    }
}
