//! Invented meetings: some recent, some long ago, some companies never met.

use chrono::{Days, NaiveDate};
use sqlx::PgConnection;

use super::Failure;
use super::portfolio::Site;
use crate::features::meetings::Kind;
use crate::features::meetings::queries::log::{self, Author};
use crate::features::meetings::queries::{NewMeeting, Step};
use crate::platform::clock::Clock;

/// How, how many days ago, the essential, the dossier.
const MET: [(Kind, u64, &str, &str); 6] = [
    (
        Kind::Visit,
        3,
        "Carnet plein jusqu’à l’été, cherche deux soudeurs.",
        "training",
    ),
    (
        Kind::Call,
        17,
        "Attend la réponse de la banque pour sa nouvelle ligne.",
        "research",
    ),
    (
        Kind::Visit,
        64,
        "Le parking ne suffit plus\u{202f}; terrain voisin à vendre.",
        "land",
    ),
    (
        Kind::Video,
        118,
        "Réfléchit à qui prendra la suite dans trois ans.",
        "training",
    ),
    (
        Kind::Mail,
        205,
        "Demande où en est l’arrêt de car devant l’atelier.",
        "accessibility",
    ),
    (
        Kind::Visit,
        260,
        "Mise aux normes de la cuve prévue au printemps.",
        "environment",
    ),
];

/// Notes a meeting with two companies out of three; a few have something to come back to.
pub async fn meet(
    conn: &mut PgConnection,
    author: Author<'_>,
    site: &Site,
    rank: usize,
    clock: &Clock,
) -> Result<(), Failure> {
    if rank % 3 == 2 {
        return Ok(());
    }
    let (kind, ago, summary, dossier) = MET[(rank / 3 + rank) % MET.len()];
    let today = clock.today();
    let held_on = today - Days::new(ago);
    let meeting = NewMeeting {
        kind,
        held_on,
        summary: summary.to_owned(),
        shared_text: String::new(),
        confidential_text: String::new(),
        is_shared: rank.is_multiple_of(2),
        dossiers: vec![dossier.to_owned()],
        contacts: Vec::new(),
        people: Vec::new(),
        flags: Vec::new(),
        follow_up: due(rank, today).map(|due_on| Step {
            promise: "Reprendre contact".to_owned(),
            due_on,
            is_contact: true,
            owner_id: None,
        }),
    };
    log::insert(
        conn,
        &site.siret[..9],
        (&meeting, None),
        author,
        clock.now(),
    )
    .await?;
    Ok(())
}

fn due(rank: usize, today: NaiveDate) -> Option<NaiveDate> {
    match rank % 12 {
        0 => Some(today + Days::new(6)),
        7 => Some(today - Days::new(4)),
        _ => None,
    }
}
