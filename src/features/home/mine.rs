//! What is the visitor's own: what they promised, whom they meet this week, whom they should meet.

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Kind, Todo};
use crate::auth::Permission;
use crate::features::companies::model::{meeting_kind, shown_name};
use crate::web::Visit;

/// Rows read of each kind.
const READ: i64 = 50;
/// Months after which a company should be met again.
const SILENCE: Months = Months::new(6);

/// A meeting of the week.
#[derive(Debug)]
pub struct Met {
    /// Key.
    pub id: Uuid,
    /// Name of the company, or what stands for it.
    pub company: String,
    /// How.
    pub kind: &'static str,
    /// Day.
    pub on: NaiveDate,
    /// Hour, for one still to come.
    pub at: Option<DateTime<Utc>>,
}

/// What is the visitor's own.
#[derive(Debug, Default)]
pub struct Mine {
    /// Late steps.
    pub todos: Vec<Todo>,
    /// Companies to meet.
    pub silent: Option<Todo>,
    /// Meetings of the week.
    pub week: Vec<Met>,
}

impl Mine {
    /// What the visitor promised comes first, at meetings, in workshops and in plans, the most overdue on
    /// top; alerts press more than companies to meet.
    pub fn among(&mut self, others: Vec<Todo>) -> Vec<Todo> {
        let (promised, mut others): (Vec<Todo>, Vec<Todo>) = others
            .into_iter()
            .partition(|todo| matches!(todo.kind, Kind::FollowDecision | Kind::DueAction));
        if let Some(silent) = self.silent.take() {
            let is_alert =
                |todo: &&Todo| matches!(todo.kind, Kind::HandleAlert | Kind::AssignAlerts);
            let alerts = others.iter().take_while(is_alert).count();
            others.insert(alerts, silent);
        }
        let mut todos = std::mem::take(&mut self.todos);
        todos.extend(promised);
        todos.sort_by_key(|todo| todo.since);
        todos.append(&mut others);
        todos
    }
}

/// Reads it, for who notes meetings.
pub async fn read(conn: &mut PgConnection, visit: &Visit) -> sqlx::Result<Mine> {
    if !visit.may(Permission::LogMeetings) {
        return Ok(Mine::default());
    }
    let today = visit.today;
    let monday = today
        .checked_sub_days(Days::new(today.weekday().num_days_from_monday().into()))
        .unwrap_or(today);
    let before = today.checked_sub_months(SILENCE).unwrap_or(today);
    let rows = sqlx::query!(
        r#"select kind as "kind!", id as "id!", company, words as "words!", day as "on!", at, number as "number!"
           from (
             (select 'late' as kind, n.meeting_id as id,
                     case when c.diffusible or not c.is_person then c.name end as company, n.promise as words,
                     n.due_on as day, null::timestamptz as at, 0::bigint as number
              from next_steps n
              join meetings m on m.id = n.meeting_id
              join companies c on c.siren = n.siren
              where n.owner_id = $2 and n.done_on is null and n.due_on <= $3 and m.undone_at is null
                and ($1::text[] is null or exists (
                  select from establishments s join current_memberships t on t.insee_code = s.insee_code
                  where s.siren = n.siren and t.territory_siren = any($1)))
              order by n.due_on limit $6)
             union all
             (select 'week', m.id, case when c.diffusible or not c.is_person then c.name end, m.kind, m.held_on,
                     case when m.status = 'planned' then m.planned_at end, 0
              from meetings m join companies c on c.siren = m.siren
              where m.author_id = $2 and m.undone_at is null and m.status <> 'cancelled'
                and m.held_on between $4 and $4 + 6
                and ($1 is null or exists (
                  select from establishments s join current_memberships t on t.insee_code = s.insee_code
                  where s.siren = m.siren and t.territory_siren = any($1)))
              order by m.held_on, m.planned_at nulls first limit $6)
             union all
             select 'silent', '00000000-0000-0000-0000-000000000000', null, '', $3, null, count(*)
             from key_companies k join companies c on c.siren = k.siren
             where k.referent_id = $2 and k.exited_on is null and c.active and not exists (
               select from meetings m where m.siren = k.siren and m.undone_at is null and m.status = 'held'
                 and m.held_on >= $5)
             having count(*) > 0
           ) mine
           order by kind, day, at nulls first"#,
        visit.scope(),
        visit.user.id,
        today,
        monday,
        before,
        READ,
    )
    .fetch_all(conn)
    .await?;
    let mut mine = Mine::default();
    for row in rows {
        let company = shown_name(row.company.as_deref()).to_owned();
        let todo = |kind, subject: String, territory, number, target| Todo {
            levels: Vec::new(),
            kind,
            subject,
            territory,
            since: Some(row.on),
            number,
            target,
        };
        match row.kind.as_str() {
            "late" => {
                let days = (row.on - today).num_days();
                let target = row.id.to_string();
                mine.todos
                    .push(todo(Kind::LateStep, row.words, Some(company), days, target));
            }
            "silent" => {
                mine.silent = Some(todo(
                    Kind::MeetCompanies,
                    String::new(),
                    None,
                    row.number,
                    String::new(),
                ));
            }
            _ => mine.week.push(Met {
                id: row.id,
                company,
                kind: meeting_kind(&row.words),
                on: row.on,
                at: row.at,
            }),
        }
    }
    Ok(mine)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn todo(kind: Kind, since: &str) -> Todo {
        Todo {
            kind,
            subject: String::new(),
            territory: None,
            since: since.parse().ok(),
            number: 0,
            target: String::new(),
            levels: Vec::new(),
        }
    }

    #[test]
    fn promises_come_first_the_most_overdue_on_top_then_alerts_then_companies_to_meet() {
        let mut mine = Mine {
            todos: vec![todo(Kind::LateStep, "2026-11-21")],
            silent: Some(todo(Kind::MeetCompanies, "2026-11-25")),
            week: Vec::new(),
        };
        let others = vec![
            todo(Kind::HandleAlert, "2026-11-01"),
            todo(Kind::FollowDecision, "2026-11-16"),
            todo(Kind::ChooseCompanies, "2026-10-01"),
        ];
        let kinds: Vec<Kind> = mine.among(others).iter().map(|todo| todo.kind).collect();
        assert_eq!(
            kinds,
            [
                Kind::FollowDecision,
                Kind::LateStep,
                Kind::HandleAlert,
                Kind::MeetCompanies,
                Kind::ChooseCompanies
            ]
        );
    }
}
