//! Meetings, within the visitor's scope and what they may read.

pub mod invitations;
pub mod list;
pub mod log;
pub mod needs;
pub mod people;
pub mod top;
pub mod undo;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Europe::Paris;
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::Kind;
use crate::auth::Permission;
use crate::scoring::flags::RedFlag;
use crate::web::Visit;

/// Who reads: territories, and whose words.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// Territories; none for all.
    pub scope: Option<&'a [String]>,
    /// Of the council: reads everything.
    pub council: bool,
    /// Their organisation: reads what it wrote.
    pub organisation: Uuid,
}

impl<'a> Reader<'a> {
    /// The person of this visit.
    pub fn of(visit: &'a Visit) -> Self {
        Self {
            scope: visit.scope(),
            council: visit.may(Permission::ConductMeetings),
            organisation: visit.user.organisation_id,
        }
    }
}

/// A company to meet.
#[derive(Debug)]
pub struct Company {
    /// SIREN.
    pub siren: String,
    /// Null when masked.
    pub name: Option<String>,
    /// Date of creation.
    pub created_on: Option<NaiveDate>,
}

/// The company, if it exists within the scope.
pub async fn company(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    siren: &str,
) -> sqlx::Result<Option<Company>> {
    sqlx::query_as!(
        Company,
        "select c.siren, case when c.diffusible or not c.is_person then c.name end as name, c.created_on
         from companies c
         where c.siren = $2 and ($1::text[] is null or exists (
           select from establishments s join current_memberships m on m.insee_code = s.insee_code
           where s.siren = c.siren and m.territory_siren = any($1)))",
        scope,
        siren,
    )
    .fetch_optional(conn)
    .await
}

/// What to come back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What was promised.
    pub promise: String,
    /// For when.
    pub due_on: NaiveDate,
    /// Whether the next meeting does it.
    pub is_contact: bool,
    /// By whom; the author when none.
    pub owner_id: Option<Uuid>,
}

/// Someone who was there and has no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedPerson {
    /// First and last name.
    pub name: String,
    /// Function, perhaps empty.
    pub role: String,
}

/// A meeting that passed its form.
#[derive(Debug, Clone)]
pub struct NewMeeting {
    /// How.
    pub kind: Kind,
    /// When.
    pub held_on: NaiveDate,
    /// The essential.
    pub summary: String,
    /// Shared part.
    pub shared_text: String,
    /// Confidential part.
    pub confidential_text: String,
    /// Whether partners may read it.
    pub is_shared: bool,
    /// Codes.
    pub dossiers: Vec<String>,
    /// `contacts.id`
    pub contacts: Vec<Uuid>,
    /// Others.
    pub people: Vec<TypedPerson>,
    /// Red flags.
    pub flags: Vec<RedFlag>,
    /// When to come back.
    pub follow_up: Option<Step>,
}

/// Someone who was there.
#[derive(Debug)]
pub struct Person {
    /// Code of the side.
    pub side: String,
    /// Their record in the company.
    pub contact_id: Option<Uuid>,
    /// First and last name.
    pub name: String,
    /// Function; empty when unknown.
    pub role: String,
    /// Whether they were typed by name.
    pub is_typed: bool,
}

/// A meeting, without its confidential part.
#[derive(Debug)]
pub struct Meeting {
    /// Key.
    pub id: Uuid,
    /// SIREN of the company.
    pub siren: String,
    /// Name of the company; null when masked.
    pub company: Option<String>,
    /// Creation of the company.
    pub company_created_on: Option<NaiveDate>,
    /// Code of a [`Kind`].
    pub kind: String,
    /// Code of the status.
    pub status: String,
    /// Day.
    pub held_on: NaiveDate,
    /// Hour, when it was planned.
    pub planned_at: Option<DateTime<Utc>>,
    /// When it ends, when that is known.
    pub ends_at: Option<DateTime<Utc>>,
    /// Where, when it was planned.
    pub place: String,
    /// The essential.
    pub summary: String,
    /// Shared part.
    pub shared_text: String,
    /// Whether it holds a confidential part that the reader may open.
    pub has_confidential: bool,
    /// What to ask.
    pub questions: Option<String>,
    /// Who noted it.
    pub author_id: Uuid,
    /// Their name then.
    pub author_name: String,
    /// Their address.
    pub author_email: String,
    /// Name of their organisation.
    pub organisation: String,
    /// Whether partners may read it.
    pub is_shared: bool,
    /// Whether the reader's own organisation wrote it.
    pub is_of_reader: bool,
    /// When it was noted.
    pub created_at: DateTime<Utc>,
    /// Version of the invitation.
    pub sequence: i32,
    /// Moves at each change.
    pub version: i32,
    /// Codes.
    pub dossiers: Vec<String>,
    /// Codes of the red flags that it raised and that still stand.
    pub flags: Vec<String>,
    /// Who was there.
    pub people: Vec<Person>,
}

impl Meeting {
    /// Whether it is planned and its hour has not come.
    pub fn is_to_come(&self, now: DateTime<Utc>) -> bool {
        self.status == "planned" && self.planned_at.is_some_and(|at| at > now)
    }

    /// Whether it was held on another day than planned: its hour is then unknown.
    pub fn is_held_elsewhen(&self) -> bool {
        let day = |at: DateTime<Utc>| at.with_timezone(&Paris).date_naive();
        self.status == "held" && self.planned_at.is_some_and(|at| day(at) != self.held_on)
    }

    /// Whether this contact is one of its people.
    pub fn has_contact(&self, id: Uuid) -> bool {
        self.people
            .iter()
            .any(|person| person.contact_id == Some(id))
    }

    /// The first person of a side.
    pub fn guest(&self, side: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.side == side)
    }

    /// The people without a record, as they are typed.
    pub fn typed_people(&self) -> String {
        let lines: Vec<String> = self
            .people
            .iter()
            .filter(|person| person.is_typed && person.side == "company")
            .map(|person| {
                if person.role.is_empty() {
                    person.name.clone()
                } else {
                    format!("{}, {}", person.name, person.role)
                }
            })
            .collect();
        lines.join("\n")
    }

    /// Whether it is one at the highest level.
    pub fn is_top_level(&self) -> bool {
        self.kind == Kind::TopLevel.code()
    }

    /// The company, as forms need it.
    pub fn of_company(&self) -> Company {
        Company {
            siren: self.siren.clone(),
            name: self.company.clone(),
            created_on: self.company_created_on,
        }
    }
}

/// The meeting, if this person may read it.
pub async fn find(
    conn: &mut PgConnection,
    reader: Reader<'_>,
    id: Uuid,
) -> sqlx::Result<Option<Meeting>> {
    let row = sqlx::query!(
        r#"select m.id, m.siren, case when c.diffusible or not c.is_person then c.name end as company,
                  c.created_on as company_created_on, m.kind, m.status, m.held_on, m.planned_at, m.ends_at, m.place, m.summary,
                  m.shared_text, m.questions, m.author_id, m.author_name, a.email as author_email, o.name as organisation, m.is_shared,
                  m.created_at, m.sequence, m.version,
                  case when $2 or m.organisation_id = $3 and not m.by_council then
                    m.confidential_text <> '' or exists (
                      select from meeting_answers x where x.meeting_id = m.id and x.confidential_text <> '')
                    else false end as "has_confidential!",
                  m.organisation_id = $3 and not m.by_council as "is_of_reader!",
                  array(select d.dossier from meeting_dossiers d where d.meeting_id = m.id) as "dossiers!",
                  array(select g.kind from meeting_signals x join signals g on g.id = x.signal_id
                        where x.meeting_id = m.id and g.withdrawn_on is null order by g.kind) as "flags!"
           from meetings m
           join companies c on c.siren = m.siren
           join organisations o on o.id = m.organisation_id
           join users a on a.id = m.author_id
           where m.id = $4 and m.undone_at is null
             and ($2 or m.is_shared or m.organisation_id = $3 and not m.by_council)
             and ($1::text[] is null or exists (
               select from establishments s join current_memberships t on t.insee_code = s.insee_code
               where s.siren = m.siren and t.territory_siren = any($1)))"#,
        reader.scope,
        reader.council,
        reader.organisation,
        id,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let people = people::of(conn, id).await?;
    Ok(Some(Meeting {
        id: row.id,
        siren: row.siren,
        company: row.company,
        company_created_on: row.company_created_on,
        kind: row.kind,
        status: row.status,
        held_on: row.held_on,
        planned_at: row.planned_at,
        ends_at: row.ends_at,
        place: row.place,
        summary: row.summary,
        shared_text: row.shared_text,
        has_confidential: row.has_confidential,
        questions: row.questions,
        author_id: row.author_id,
        author_name: row.author_name,
        author_email: row.author_email,
        organisation: row.organisation,
        is_shared: row.is_shared,
        is_of_reader: row.is_of_reader,
        created_at: row.created_at,
        sequence: row.sequence,
        version: row.version,
        dossiers: row.dossiers,
        flags: row.flags,
        people,
    }))
}

/// The confidential part of a meeting, for the council and for who wrote it; nothing for others.
pub async fn confidential(
    conn: &mut PgConnection,
    reader: Reader<'_>,
    id: Uuid,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select m.confidential_text from meetings m
         where m.id = $3 and m.undone_at is null and ($1 or m.organisation_id = $2 and not m.by_council)",
        reader.council,
        reader.organisation,
        id,
    )
    .fetch_optional(conn)
    .await
}

/// What was promised there, or is still to be done with a company.
#[derive(Debug)]
pub struct StepRow {
    /// Key.
    pub id: Uuid,
    /// What.
    pub promise: String,
    /// For when.
    pub due_on: NaiveDate,
    /// Who.
    pub owner_id: Uuid,
    /// Their name.
    pub owner: String,
    /// When it was done.
    pub done_on: Option<NaiveDate>,
}

/// The next steps of a meeting.
pub async fn steps(conn: &mut PgConnection, meeting: Uuid) -> sqlx::Result<Vec<StepRow>> {
    sqlx::query_as!(
        StepRow,
        "select n.id, n.promise, n.due_on, n.owner_id, u.full_name as owner, n.done_on
         from next_steps n join users u on u.id = n.owner_id
         where n.meeting_id = $1 order by n.due_on, n.id",
        meeting,
    )
    .fetch_all(conn)
    .await
}

/// A step that may be done.
#[derive(Debug)]
pub struct StepOwner {
    /// Its meeting.
    pub meeting: Uuid,
    /// Who shall do it.
    pub owner_id: Uuid,
}

/// The step, if its owner or a reader of its meeting asks.
pub async fn step(
    conn: &mut PgConnection,
    reader: Reader<'_>,
    (id, me): (Uuid, Uuid),
) -> sqlx::Result<Option<StepOwner>> {
    sqlx::query_as!(
        StepOwner,
        "select n.meeting_id as meeting, n.owner_id from next_steps n join meetings m on m.id = n.meeting_id
         where n.id = $1 and m.undone_at is null
           and ($2 or n.owner_id = $3 or m.is_shared or m.organisation_id = $5 and not m.by_council)
           and ($4::text[] is null or exists (
             select from establishments s join current_memberships t on t.insee_code = s.insee_code
             where s.siren = n.siren and t.territory_siren = any($4)))",
        id,
        reader.council,
        me,
        reader.scope,
        reader.organisation,
    )
    .fetch_optional(conn)
    .await
}

/// Marks a step as done; `false` when it was already.
pub async fn finish_step(
    conn: &mut PgConnection,
    id: Uuid,
    today: NaiveDate,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update next_steps set done_on = $2 where id = $1 and done_on is null",
        id,
        today,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
