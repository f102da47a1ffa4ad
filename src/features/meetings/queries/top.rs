//! The meeting at the highest level: planned, prepared, told theme by theme; needs and diagnosis.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::log::Author;
use super::{Meeting, TypedPerson, people};

/// A meeting to come that passed its form.
#[derive(Debug)]
pub struct NewPlanned {
    /// The head of the company, when they have a record.
    pub contact: Option<Uuid>,
    /// Else their name.
    pub head: Option<TypedPerson>,
    /// Who represents the council.
    pub representative: TypedPerson,
    /// When.
    pub at: DateTime<Utc>,
    /// The same as a day in France.
    pub on: NaiveDate,
    /// Until when.
    pub ends_at: DateTime<Utc>,
    /// Where.
    pub place: String,
    /// Whether partners may read it.
    pub is_shared: bool,
}

/// Plans a meeting.
pub async fn plan(
    conn: &mut PgConnection,
    siren: &str,
    new: &NewPlanned,
    author: Author<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    let id = Uuid::now_v7();
    sqlx::query!(
        "insert into meetings (id, siren, kind, status, held_on, planned_at, place, author_id, author_name,
                               organisation_id, by_council, is_shared, created_at, ends_at)
         values ($1, $2, 'top_level', 'planned', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        id,
        siren,
        new.on,
        new.at,
        new.place,
        author.id,
        author.name,
        author.organisation,
        author.by_council,
        new.is_shared,
        now,
        new.ends_at,
    )
    .execute(&mut *conn)
    .await?;
    for side in ["company", "council"] {
        let (contacts, typed) = new.guest(side);
        people::add(conn, id, side, &contacts, &typed).await?;
    }
    Ok(id)
}

/// Someone else, or the same person under other words, on one side of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Code of the side.
    pub side: &'static str,
    /// Whether the one who was invited is not to come any more.
    pub is_someone_else: bool,
}

impl NewPlanned {
    /// Who comes for a side: their record, or what was typed.
    fn guest(&self, side: &str) -> (Vec<Uuid>, Vec<TypedPerson>) {
        if side == "council" {
            (Vec::new(), vec![self.representative.clone()])
        } else {
            (
                self.contact.into_iter().collect(),
                self.head.iter().cloned().collect(),
            )
        }
    }

    /// What changes among the people of a known meeting; `name` is that of the chosen contact.
    pub fn changes(&self, known: &Meeting, name: Option<&str>) -> Vec<Change> {
        let change = |side: &'static str| {
            let (contacts, typed) = self.guest(side);
            let (contact, typed) = (contacts.first(), typed.first());
            let before = known.guest(side)?;
            let is_same = before.contact_id.as_ref() == contact
                && typed.is_none_or(|new| new.name == before.name && new.role == before.role);
            let name = name
                .filter(|_| contact.is_some())
                .or(typed.map(|new| new.name.as_str()));
            let has_same_name =
                name.is_some_and(|name| name.to_lowercase() == before.name.to_lowercase());
            let is_same_record = contact.is_some() && before.contact_id.as_ref() == contact;
            (!is_same).then_some(Change {
                side,
                is_someone_else: !is_same_record && !has_same_name,
            })
        };
        ["company", "council"]
            .into_iter()
            .filter_map(change)
            .collect()
    }
}

/// Moves a meeting to come, or changes its people; `false` when someone changed it first. What the invitation
/// says moves its sequence.
pub async fn replan(
    conn: &mut PgConnection,
    (id, version): (Uuid, i32),
    new: &NewPlanned,
    changes: &[Change],
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update meetings set held_on = $3, planned_at = $4, ends_at = $5, place = $6, is_shared = $7,
                sequence = sequence + (case when $8 or (planned_at, ends_at, place)
                                            is distinct from ($4::timestamptz, $5::timestamptz, $6::text)
                                       then 1 else 0 end)
         where id = $1 and version = $2 and status = 'planned' and kind = 'top_level'",
        id,
        version,
        new.on,
        new.at,
        new.ends_at,
        new.place,
        new.is_shared,
        !changes.is_empty(),
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    for change in changes {
        let (contacts, typed) = new.guest(change.side);
        people::replace(conn, (id, change.side), &contacts, &typed).await?;
    }
    Ok(true)
}

/// Calls a planned meeting off; `false` when it is not planned any more.
pub async fn cancel(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update meetings set status = 'cancelled', sequence = sequence + 1 where id = $1 and status = 'planned'",
        id
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Keeps what to ask; `false` when someone changed the meeting first.
pub async fn set_questions(
    conn: &mut PgConnection,
    (id, version): (Uuid, i32),
    questions: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update meetings set questions = $3 where id = $1 and version = $2",
        id,
        version,
        questions,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What was said on a theme, both parts: for the council only.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Code of the theme.
    pub theme: String,
    /// Shared part.
    pub shared_text: String,
    /// Confidential part.
    pub confidential_text: String,
    /// Who wrote it last.
    pub written_by: String,
    /// Moves at each change.
    pub version: i32,
}

/// What was said, theme by theme. The caller holds the right to conduct meetings.
pub async fn answers(conn: &mut PgConnection, meeting: Uuid) -> sqlx::Result<Vec<Answer>> {
    sqlx::query_as!(
        Answer,
        "select theme, shared_text, confidential_text, written_by, version
         from meeting_answers where meeting_id = $1",
        meeting,
    )
    .fetch_all(conn)
    .await
}

/// The shared part of each theme, for whoever may read the meeting.
pub async fn shared_answers(
    conn: &mut PgConnection,
    meeting: Uuid,
) -> sqlx::Result<Vec<(String, String)>> {
    let rows = sqlx::query!(
        "select theme, shared_text from meeting_answers where meeting_id = $1 and shared_text <> ''",
        meeting,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.theme, row.shared_text))
        .collect())
}

/// Keeps what was said on a theme; `false` when someone wrote it first. Version 0 is a theme that nobody wrote.
pub async fn save_answer(
    conn: &mut PgConnection,
    meeting: Uuid,
    answer: &Answer,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = if answer.version == 0 {
        sqlx::query!(
            "insert into meeting_answers (meeting_id, theme, shared_text, confidential_text, written_by, written_at)
             values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
            meeting,
            answer.theme,
            answer.shared_text,
            answer.confidential_text,
            answer.written_by,
            now,
        )
        .execute(conn)
        .await?
    } else {
        sqlx::query!(
            "update meeting_answers set shared_text = $4, confidential_text = $5, written_by = $6, written_at = $7
             where meeting_id = $1 and theme = $2 and version = $3",
            meeting,
            answer.theme,
            answer.version,
            answer.shared_text,
            answer.confidential_text,
            answer.written_by,
            now,
        )
        .execute(conn)
        .await?
    };
    Ok(done.rows_affected() == 1)
}

/// The essential of the interview: with it, the meeting is held. Another day moves the sequence of the
/// invitation. `false` when someone wrote it first.
pub async fn hold(
    conn: &mut PgConnection,
    (id, version): (Uuid, i32),
    summary: &str,
    on: NaiveDate,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update meetings set summary = $3, held_on = $4, status = 'held',
                sequence = sequence + (case when held_on <> $4 then 1 else 0 end)
         where id = $1 and version = $2
           and status <> 'cancelled'",
        id,
        version,
        summary,
        on,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Something promised, decided or under way, and not done.
#[derive(Debug)]
pub struct Pending {
    /// What.
    pub promise: String,
    /// For when.
    pub due_on: NaiveDate,
    /// Who.
    pub owner: String,
}

/// What is still to be done with a company, the most urgent first, for the council: promises of meetings,
/// decisions of workshops, actions of the plan.
pub async fn pending(conn: &mut PgConnection, siren: &str) -> sqlx::Result<Vec<Pending>> {
    sqlx::query_as!(
        Pending,
        r#"select promise as "promise!", due_on as "due_on!", owner as "owner!" from (
             select n.promise, n.due_on, u.full_name as owner
             from next_steps n join users u on u.id = n.owner_id join meetings m on m.id = n.meeting_id
             where n.siren = $1 and n.done_on is null and m.undone_at is null
             union all
             select d.text, d.due_on, o.name
             from workshop_decisions d join organisations o on o.id = d.owner_organisation_id
             where d.siren = $1 and d.status = 'open'
             union all
             select a.title, a.due_on, o.name
             from actions a join action_plans p on p.id = a.plan_id
             join organisations o on o.id = a.owner_organisation_id
             where p.siren = $1 and p.closed_on is null and a.status in ('todo', 'ongoing', 'blocked')) x
           order by due_on, promise limit 10"#,
        siren,
    )
    .fetch_all(conn)
    .await
}

/// A version of the diagnosis.
#[derive(Debug, Clone, Default)]
pub struct Diagnosis {
    /// 1 for the first one.
    pub rank: i32,
    /// Where the company goes.
    pub strategy: String,
    /// With which means.
    pub technical: String,
    /// Its people.
    pub workforce_state: String,
    /// What is planned for them.
    pub workforce_project: String,
    /// Help wanted.
    pub workforce_help: String,
    /// Who wrote it.
    pub author_name: String,
    /// When, in France.
    pub on: NaiveDate,
}

/// Versions of the diagnosis, the newest first.
pub async fn diagnoses(conn: &mut PgConnection, siren: &str) -> sqlx::Result<Vec<Diagnosis>> {
    sqlx::query_as!(
        Diagnosis,
        r#"select rank, strategy, technical, workforce_state, workforce_project, workforce_help, author_name,
                  (at at time zone 'Europe/Paris')::date as "on!"
           from diagnoses where siren = $1 order by rank desc limit 50"#,
        siren,
    )
    .fetch_all(conn)
    .await
}

/// Adds a version after the one of rank `after`; `false` when someone added one first.
pub async fn add_diagnosis(
    conn: &mut PgConnection,
    (siren, after): (&str, i32),
    new: &Diagnosis,
    author: Author<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into diagnoses (id, siren, rank, strategy, technical, workforce_state, workforce_project,
                                workforce_help, author_id, author_name, at)
         select $1, $2, $3 + 1, $4, $5, $6, $7, $8, $9, $10, $11
         where $3 = coalesce((select max(rank) from diagnoses where siren = $2), 0)
         on conflict do nothing",
        Uuid::now_v7(),
        siren,
        after,
        new.strategy,
        new.technical,
        new.workforce_state,
        new.workforce_project,
        new.workforce_help,
        author.id,
        author.name,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
