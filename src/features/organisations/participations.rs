//! What a person took part in, and what was sent to them: a part of what is told to them.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::personal::PersonData;
use crate::web::filters::{long_date, long_instant};

/// Several things of one kind.
#[derive(Debug)]
pub struct Part {
    /// Key in the file.
    pub key: &'static str,
    /// Title on the page.
    pub title: &'static str,
    /// One each, in words.
    pub lines: Vec<String>,
    /// The same for the file.
    pub values: Vec<Value>,
}

impl Part {
    fn of<T>(
        (key, title): (&'static str, &'static str),
        rows: &[T],
        tell: impl Fn(&T) -> (String, Value),
    ) -> Self {
        let (lines, values) = rows.iter().map(tell).unzip();
        Self {
            key,
            title,
            lines,
            values,
        }
    }
}

/// Whose: a contact of a company, or someone of an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// `contacts.id`
    Contact(Uuid),
    /// `partner_people.id`
    Partner(Uuid),
}

impl Whose {
    const fn contact(self) -> Option<Uuid> {
        match self {
            Self::Contact(id) => Some(id),
            Self::Partner(_) => None,
        }
    }

    const fn partner(self) -> Option<Uuid> {
        match self {
            Self::Contact(_) => None,
            Self::Partner(id) => Some(id),
        }
    }
}

/// Codes of the tables in words; a code that has none is told as it is.
const WORDS: [(&str, &str); 23] = [
    ("call", "appel"),
    ("visit", "visite"),
    ("mail", "courriel"),
    ("video", "visio"),
    ("top_level", "rendez-vous au plus haut niveau"),
    ("planned", "prévu"),
    ("held", "tenu"),
    ("cancelled", "annulé"),
    ("none", "sans réponse"),
    ("yes", "vient"),
    ("no", "ne vient pas"),
    ("replaced", "se fait remplacer"),
    ("open", "en cours"),
    ("todo", "à faire"),
    ("ongoing", "en cours"),
    ("blocked", "bloquée"),
    ("done", "faite"),
    ("dropped", "abandonnée"),
    ("waiting", "en attente"),
    ("kept", "gardé"),
    ("sent", "envoyé"),
    ("refused", "refusé"),
    ("failed", "abandonné"),
];

fn words(code: &str) -> &str {
    WORDS
        .iter()
        .find(|(known, _)| *known == code)
        .map_or(code, |(_, words)| words)
}

impl PersonData {
    /// Meetings, invitations with their answers, decisions, actions and mails.
    pub async fn read_participations(
        &mut self,
        conn: &mut PgConnection,
        whose: Whose,
        address: &str,
    ) -> sqlx::Result<()> {
        let [decisions, actions] = given(conn, whose).await?;
        self.parts = vec![
            meetings(conn, whose).await?,
            invitations(conn, whose).await?,
            workshops(conn, whose).await?,
            decisions,
            actions,
            mails(conn, address).await?,
        ];
        Ok(())
    }
}

async fn meetings(conn: &mut PgConnection, whose: Whose) -> sqlx::Result<Part> {
    struct Row {
        kind: String,
        status: String,
        on: NaiveDate,
        author: String,
        company: Option<String>,
    }
    let rows = sqlx::query_as!(
        Row,
        r#"select m.kind, m.status, m.held_on as "on", m.author_name as author,
                  case when c.diffusible or not c.is_person then c.name end as company
           from meeting_people p join meetings m on m.id = p.meeting_id join companies c on c.siren = m.siren
           where m.undone_at is null and (p.contact_id = $1 or p.partner_id = $2)
           order by m.held_on desc, m.id limit 1000"#,
        whose.contact(),
        whose.partner(),
    )
    .fetch_all(conn)
    .await?;
    let tell = |row: &Row| {
        let company = row
            .company
            .as_deref()
            .unwrap_or("entreprise sans nom public");
        let (kind, status) = (words(&row.kind), words(&row.status));
        let line = format!(
            "{}, {kind} ({status}), {company}, noté par {}",
            long_date(row.on),
            row.author
        );
        let value = json!({ "le": row.on.to_string(), "forme": kind, "etat": status, "entreprise": company,
                            "note_par": row.author });
        (line, value)
    };
    Ok(Part::of(("rencontres", "Rencontres"), &rows, tell))
}

async fn invitations(conn: &mut PgConnection, whose: Whose) -> sqlx::Result<Part> {
    struct Row {
        on: NaiveDate,
        address: String,
        invited_at: DateTime<Utc>,
        told_at: DateTime<Utc>,
    }
    let rows = sqlx::query_as!(
        Row,
        r#"select m.held_on as "on", i.address, i.invited_at, i.told_at
           from meeting_invitations i join meetings m on m.id = i.meeting_id
           where i.contact_id = $1 order by i.invited_at desc, i.id limit 1000"#,
        whose.contact(),
    )
    .fetch_all(conn)
    .await?;
    let tell = |row: &Row| {
        let line = format!(
            "Rendez-vous du {}, invitation du {} à {}, dernier courriel le {}",
            long_date(row.on),
            long_instant(row.invited_at),
            row.address,
            long_instant(row.told_at)
        );
        let value = json!({ "rendez_vous_le": row.on.to_string(), "adresse": row.address,
                            "invite_le": row.invited_at.to_rfc3339(),
                            "dernier_courriel_le": row.told_at.to_rfc3339() });
        (line, value)
    };
    let key = ("invitations_rendez_vous", "Invitations à des rendez-vous");
    Ok(Part::of(key, &rows, tell))
}

async fn workshops(conn: &mut PgConnection, whose: Whose) -> sqlx::Result<Part> {
    struct Row {
        title: String,
        held_at: DateTime<Utc>,
        name: String,
        address: String,
        invited_at: Option<DateTime<Utc>>,
        answer: String,
        answered_at: Option<DateTime<Utc>>,
        replacement: String,
        attended: Option<bool>,
    }
    let rows = sqlx::query_as!(
        Row,
        "select w.title, w.held_at, g.person_name as name, g.person_email as address, g.invited_at, g.answer,
                g.answered_at, g.replacement_name as replacement, g.attended
         from workshop_guests g join workshops w on w.id = g.workshop_id
         where g.person_id = $1 order by w.held_at desc, w.id limit 1000",
        whose.partner(),
    )
    .fetch_all(conn)
    .await?;
    let tell = |row: &Row| {
        let answer = words(&row.answer);
        let attended = row
            .attended
            .map(|came| if came { "présent" } else { "absent" });
        let told = [
            row.invited_at
                .map(|at| format!("invitation du {}", long_instant(at))),
            Some(format!("réponse\u{a0}: {answer}")),
            (!row.replacement.is_empty()).then(|| format!("par {}", row.replacement)),
            attended.map(str::to_owned),
        ];
        let told: Vec<String> = told.into_iter().flatten().collect();
        let line = format!(
            "{}, {}\u{a0}: {}",
            row.title,
            long_instant(row.held_at),
            told.join(", ")
        );
        let at = |at: Option<DateTime<Utc>>| at.map(|at| at.to_rfc3339());
        let value = json!({ "atelier": row.title, "le": row.held_at.to_rfc3339(), "nom": row.name,
                            "adresse": row.address, "invite_le": at(row.invited_at), "reponse": answer,
                            "repondu_le": at(row.answered_at), "remplacant": row.replacement,
                            "presence": attended });
        (line, value)
    };
    Ok(Part::of(("ateliers", "Ateliers"), &rows, tell))
}

/// Decisions of workshops, then actions of plans, given to the person: one statement for both.
async fn given(conn: &mut PgConnection, whose: Whose) -> sqlx::Result<[Part; 2]> {
    struct Row {
        is_action: bool,
        text: String,
        due_on: NaiveDate,
        status: String,
    }
    let rows = sqlx::query_as!(
        Row,
        r#"select is_action as "is_action!", text as "text!", due_on as "due_on!", status as "status!" from (
             select false as is_action, text, due_on, status, decided_at as at, id
             from workshop_decisions where owner_person_id = $1
             union all
             select true, title, due_on, status, created_at, id from actions where owner_person_id = $1) given
           order by at desc, id limit 1000"#,
        whose.partner(),
    )
    .fetch_all(conn)
    .await?;
    let (actions, decisions): (Vec<Row>, Vec<Row>) =
        rows.into_iter().partition(|row| row.is_action);
    let tell = |row: &Row| {
        let status = words(&row.status);
        let line = format!("{}, pour le {} ({status})", row.text, long_date(row.due_on));
        let key = if row.is_action { "action" } else { "decision" };
        let value = json!({ key: row.text, "pour_le": row.due_on.to_string(), "etat": status });
        (line, value)
    };
    Ok([
        Part::of(("decisions", "Décisions confiées"), &decisions, tell),
        Part::of(("actions", "Actions confiées"), &actions, tell),
    ])
}

/// Mails to this address that were no account's own.
async fn mails(conn: &mut PgConnection, address: &str) -> sqlx::Result<Part> {
    struct Row {
        subject: String,
        status: String,
        at: DateTime<Utc>,
    }
    let rows = sqlx::query_as!(
        Row,
        r#"select subject, status, coalesce(sent_at, created_at) as "at!" from mails
           where $1 <> '' and lower(to_address) = lower($1) and user_id is null
           order by created_at desc, id limit 1000"#,
        address,
    )
    .fetch_all(conn)
    .await?;
    let tell = |row: &Row| {
        let status = words(&row.status);
        let line = format!("{}, {} ({status})", row.subject, long_instant(row.at));
        let value = json!({ "objet": row.subject, "le": row.at.to_rfc3339(), "etat": status });
        (line, value)
    };
    Ok(Part::of(("courriels", "Courriels"), &rows, tell))
}
