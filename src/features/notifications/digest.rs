//! The digest of the week: what waits for someone, in one mail. Nothing to say, no mail.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Europe::Paris;
use sqlx::PgConnection;

use super::immediate::{Link, change_lines, shortened, signed};
use super::news::{self, Counts, OpenAlert};
use super::people::Reader;
use super::{decisions, meetings};
use crate::auth::Permission;
use crate::domain::Role;
use crate::features::companies::model::shown_name;
use crate::web::filters::long_date;
use crate::web::letter::Letter;
use crate::web::pager::Total;

const WEEK: TimeDelta = TimeDelta::days(7);

/// The digest of a person at a moment; none when there is nothing to say.
pub async fn of(
    conn: &mut PgConnection,
    reader: &Reader,
    now: DateTime<Utc>,
    link: Link<'_>,
) -> sqlx::Result<Option<Letter>> {
    let since = now - WEEK;
    let letter = Letter::new("Vigie\u{a0}: votre semaine", &reader.name);
    let mut letter = match reader.role {
        Role::Elected | Role::Admin => letter,
        Role::Staff | Role::Adviser => followed(conn, letter, reader, since).await?,
    };
    if reader.role != Role::Adviser {
        let day = since.with_timezone(&Paris).date_naive();
        let counts = news::counts(conn, since, day).await?;
        letter = letter.list(counts_title(reader.role), count_lines(reader, &counts));
    }
    if letter.blocks.is_empty() {
        return Ok(None);
    }
    let letter = letter.link("Ouvrir Vigie", link("/"));
    Ok(Some(signed(
        letter,
        "Vous recevez ce résumé une fois par semaine, le jour de votre choix.",
        link,
    )))
}

/// Alerts and companies by name: for those who follow companies.
async fn followed(
    conn: &mut PgConnection,
    mut letter: Letter,
    reader: &Reader,
    since: DateTime<Utc>,
) -> sqlx::Result<Letter> {
    if reader.may(Permission::HandleAlerts) {
        let alerts = news::own_alerts(conn, reader.id, since).await?;
        let of = |is_woken: bool| {
            let lines = alerts
                .iter()
                .filter(|alert| alert.is_woken == is_woken)
                .map(alert_line);
            shortened(lines.collect())
        };
        letter = letter
            .list("Alertes dont l’attente est finie", of(true))
            .list("Alertes que vous suivez", of(false));
    }
    let week = (since + WEEK, Some(since + WEEK + WEEK));
    let own = meetings::own_meetings(conn, reader, week).await?;
    let lines = own.iter().map(meetings::OwnMeeting::line).collect();
    letter = letter.list("Rendez-vous des sept prochains jours", shortened(lines));
    let until = (since + WEEK + WEEK).with_timezone(&Paris).date_naive();
    let due = decisions::own_duties(conn, reader, (None, Some(until))).await?;
    let lines = |kind: &str| {
        let own = due.iter().filter(|duty| duty.kind == kind);
        shortened(own.map(decisions::Duty::line).collect())
    };
    letter = letter
        .list("Suites promises", lines("step"))
        .list("Décisions d’atelier à tenir", lines("decision"))
        .list("Actions à mener", lines("action"));
    if reader.may(Permission::ViewRisk) {
        let changes = news::changes(conn, since, Some(reader.id), false).await?;
        letter = letter.list(
            "Changements de niveau de la semaine",
            change_lines(&news::folded(&changes)),
        );
    }
    Ok(letter)
}

fn alert_line(alert: &OpenAlert) -> String {
    let name = shown_name(alert.company.as_deref());
    alert.waits_until.map_or_else(
        || name.to_owned(),
        |day| format!("{name}, en attente jusqu’au {}", long_date(day)),
    )
}

const fn counts_title(role: Role) -> &'static str {
    match role {
        Role::Admin => "À regarder dans les réglages",
        Role::Staff => "Places à reprendre",
        _ => "Entreprises clés cette semaine",
    }
}

/// Numbers only: an elected official gets no name.
fn count_lines(reader: &Reader, counts: &Counts) -> Vec<String> {
    let line = |count: i64, one: &str, many: &str| {
        (count > 0).then(|| Total::Exact(count).in_words(one, many))
    };
    let lines: Vec<Option<String>> = match reader.role {
        Role::Staff => vec![line(
            counts.without_referent,
            "entreprise clé n’a plus de référent actif",
            "entreprises clés n’ont plus de référent actif",
        )],
        Role::Admin => vec![
            line(
                counts.lost_mails,
                "courriel n’est pas parti",
                "courriels ne sont pas partis",
            ),
            line(
                counts.parked_jobs,
                "tâche est arrêtée",
                "tâches sont arrêtées",
            ),
        ],
        _ if counts.entered + counts.exited == 0 => Vec::new(),
        _ => vec![
            line(counts.entered, "entreprise choisie", "entreprises choisies"),
            line(counts.exited, "entreprise sortie", "entreprises sorties"),
            line(
                counts.held,
                "place occupée en tout",
                "places occupées en tout",
            ),
        ],
    };
    lines.into_iter().flatten().collect()
}
