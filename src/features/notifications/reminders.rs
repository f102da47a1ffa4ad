//! « Où en êtes-vous ? »: at fixed delays, people are asked about the actions that they carry out. The answer is
//! a button of the page that the mail opens.

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use super::immediate::{Link, shortened, signed};
use super::people::Reader;
use super::schedule::question;
use crate::auth::Permission;
use crate::features::companies::model::shown_name;
use crate::web::filters::long_date;
use crate::web::letter::Letter;

/// An action to ask about.
#[derive(Debug, Clone)]
pub struct Reminder {
    /// Who carries it out.
    pub user_id: Uuid,
    /// What is remembered once it was asked.
    pub key: String,
    action_id: Uuid,
    company: Option<String>,
    title: String,
    due_on: NaiveDate,
}

impl Reminder {
    fn line(&self) -> String {
        let company = shown_name(self.company.as_deref());
        let due = long_date(self.due_on);
        format!("{company}\u{a0}: {}, pour le {due}", self.title)
    }
}

/// What is to be asked on that day, to those who did not refuse it; a node that was away the day before catches
/// up.
pub async fn due(conn: &mut PgConnection, day: NaiveDate) -> sqlx::Result<Vec<Reminder>> {
    let rows = sqlx::query!(
        r#"select d.user_id as "user_id!", d.id as "id!", d.title as "title!", d.due_on as "due_on!",
                  case when c.diffusible or not c.is_person then c.name end as company
           from due_actions d
           join companies c on c.siren = d.siren
           left join notification_choices n on n.user_id = d.user_id
           where d.due_on <= $1::date + 7 and coalesce(n.on_action, true)
           order by d.due_on, d.id"#,
        day,
    )
    .fetch_all(conn)
    .await?;
    let days = [Some(day), day.pred_opt()];
    let reminders = rows.into_iter().filter_map(|row| {
        let mut asked = days.into_iter().flatten();
        let question = asked.find_map(|day| question(row.due_on, day))?;
        Some(Reminder {
            user_id: row.user_id,
            key: format!("action:{}:{}:{question}", row.id, row.due_on),
            action_id: row.id,
            company: row.company,
            title: row.title,
            due_on: row.due_on,
        })
    });
    Ok(reminders.collect())
}

/// The letter that asks; none for who sees no plan.
pub fn letter(reader: &Reader, asked: &[Reminder], link: Link<'_>) -> Option<Letter> {
    let first = asked
        .first()
        .filter(|_| reader.may(Permission::ViewPlans))?;
    let (subject, path, button) = if asked.len() == 1 {
        (
            "Vigie\u{a0}: où en êtes-vous de votre action\u{202f}?",
            format!("/actions/{}", first.action_id),
            "Dire où elle en est",
        )
    } else {
        (
            "Vigie\u{a0}: où en êtes-vous de vos actions\u{202f}?",
            "/actions?pilote=moi".to_owned(),
            "Dire où elles en sont",
        )
    };
    let letter = Letter::new(subject, &reader.name)
        .list(
            "Où en êtes-vous\u{202f}?",
            shortened(asked.iter().map(Reminder::line).collect()),
        )
        .link(button, link(&path));
    Some(signed(
        letter,
        "Vous recevez ce courriel une semaine avant l’échéance d’une action que vous pilotez, ce jour-là, puis chaque mois.",
        link,
    ))
}
