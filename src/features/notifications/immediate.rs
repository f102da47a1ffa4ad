//! What cannot wait for the digest: one mail for each person and kind, whatever the number of lines.

use super::news::{self, Assigned, Change};
use super::people::Reader;
use crate::auth::Permission;
use crate::features::companies::model::shown_name;
use crate::web::filters::agree;
use crate::web::letter::Letter;

/// Lines of a list, at most; the page has them all.
const LINES: usize = 20;

/// Absolute addresses, from the settings.
pub type Link<'a> = &'a (dyn Fn(&str) -> String + Sync);

/// The letter that tells of alerts given to someone; none for who handles none.
pub fn assigned(reader: &Reader, news: &[Assigned], link: Link<'_>) -> Option<Letter> {
    let first = news
        .first()
        .filter(|_| reader.may(Permission::HandleAlerts))?;
    let subject = if news.len() == 1 {
        "Vigie\u{a0}: une alerte vous est confiée".to_owned()
    } else {
        format!("Vigie\u{a0}: {} alertes vous sont confiées", news.len())
    };
    let lines = news
        .iter()
        .map(|one| format!("{}, par {}", shown_name(one.company.as_deref()), one.by))
        .collect();
    let path = if news.len() == 1 {
        format!("/alertes/{}", first.alert_id)
    } else {
        "/alertes".to_owned()
    };
    let title = agree(count(news.len()), "Alerte confiée", "Alertes confiées");
    let letter = Letter::new(subject, &reader.name)
        .list(title, shortened(lines))
        .link("Ouvrir dans Vigie", link(&path));
    Some(signed(
        letter,
        "Vous recevez ce courriel quand un collègue vous confie une alerte.",
        link,
    ))
}

/// The letter that tells of levels that changed; none for who sees no level, or when all came back.
pub fn changed(reader: &Reader, news: &[Change], link: Link<'_>) -> Option<Letter> {
    let news = news::folded(news);
    let first = news.first().filter(|_| reader.may(Permission::ViewRisk))?;
    let subject = if news.len() == 1 {
        "Vigie\u{a0}: une entreprise que vous suivez a changé de niveau".to_owned()
    } else {
        format!(
            "Vigie\u{a0}: {} entreprises que vous suivez ont changé de niveau",
            news.len()
        )
    };
    let path = if news.len() == 1 {
        format!("/entreprises/{}", first.siren)
    } else {
        "/".to_owned()
    };
    let letter = Letter::new(subject, &reader.name)
        .list("Niveau de fragilité", change_lines(&news))
        .link("Ouvrir dans Vigie", link(&path));
    Some(signed(
        letter,
        "Vous recevez ce courriel quand une entreprise que vous suivez change de niveau.",
        link,
    ))
}

/// One line a company.
pub fn change_lines(news: &[Change]) -> Vec<String> {
    shortened(
        news.iter()
            .map(|one| {
                let name = shown_name(one.company.as_deref());
                format!("{name}\u{a0}: {}", one.words())
            })
            .collect(),
    )
}

/// The first lines, and how many are left out.
pub fn shortened(mut lines: Vec<String>) -> Vec<String> {
    let left_out = lines.len().saturating_sub(LINES);
    if left_out > 0 {
        lines.truncate(LINES);
        lines.push(format!(
            "et {left_out} {}",
            agree(count(left_out), "autre", "autres")
        ));
    }
    lines
}

/// Says why, and where to change that.
pub fn signed(letter: Letter, why: &str, link: Link<'_>) -> Letter {
    letter.because(why, "Choisir mes courriels", link("/compte/courriels"))
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
