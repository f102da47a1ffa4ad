//! The history of a company in French sentences.

use chrono::NaiveDate;

use super::notice;
use crate::features::companies::model::{direction_words, meeting_kind, outcome_words};
use crate::features::companies::queries::history::EventRow;
use crate::scoring::flags::RedFlag;
use crate::web::filters::{agree, group_thousands, long_date};

/// One step of the history.
#[derive(Debug)]
pub struct Step {
    /// When.
    pub on: NaiveDate,
    /// What happened.
    pub sentence: String,
    /// The motive, as it was written.
    pub motive: Option<String>,
}

impl Step {
    /// The sentence of an event.
    pub fn of(event: EventRow) -> Self {
        let sentence = sentence(&event);
        let motive = event.detail.filter(|_| has_motive(&event.kind));
        Self {
            on: event.on,
            sentence,
            motive,
        }
    }
}

fn has_motive(kind: &str) -> bool {
    [
        "key_",
        "signal_",
        "level_",
        "accounts_",
        "workshop_",
        "plan_closed",
        "plan_dropped",
        "introduction_dropped",
        "supply_ended",
    ]
    .iter()
    .any(|family| kind.starts_with(family))
}

fn sentence(event: &EventRow) -> String {
    let subject = event.subject.as_deref().unwrap_or("");
    let by = event
        .person
        .as_deref()
        .map(|name| format!(", par {name}"))
        .unwrap_or_default();
    let place =
        |slot: Option<i16>| slot.map_or_else(String::new, |slot| format!("place\u{a0}{slot}"));
    match event.kind.as_str() {
        "created" => "Création de l’entreprise".to_owned(),
        "ceased" => "Cessation de l’entreprise".to_owned(),
        "site_closed" => {
            let where_to = event
                .detail
                .as_deref()
                .map(|c| format!(" à {c}"))
                .unwrap_or_default();
            format!("Fermeture de l’établissement {subject}{where_to}")
        }
        "key_chosen" => {
            format!(
                "Choisie comme entreprise clé ({subject}, {}){by}",
                place(event.to_slot)
            )
        }
        "key_moved" => format!(
            "Passée de la {} à la {} ({subject}){by}",
            place(event.from_slot),
            place(event.to_slot)
        ),
        "key_referent_changed" => {
            let who = event
                .person
                .as_deref()
                .unwrap_or("personne qui n’est plus connue");
            format!("Nouveau référent ({subject})\u{a0}: {who}")
        }
        "key_replaced" => format!("Remplacée à la {} ({subject}){by}", place(event.from_slot)),
        "key_released" => {
            format!(
                "Sortie des entreprises clés ({subject}, {}){by}",
                place(event.from_slot)
            )
        }
        "headcounts" => {
            let count = event
                .detail
                .as_deref()
                .and_then(|n| n.parse().ok())
                .unwrap_or(1);
            let noun = agree(count, "valeur", "valeurs");
            let number = group_thousands(count);
            format!(
                "Effectifs importés\u{a0}: {number}\u{a0}{noun}, fichier «\u{a0}{subject}\u{a0}»{by}"
            )
        }
        "signal_noted" => format!("Signal noté\u{a0}: {}{by}", flag(subject)),
        "signal_withdrawn" => format!("Signal retiré\u{a0}: {}{by}", flag(subject)),
        kind if kind.starts_with("meeting_") => {
            let how = meeting_kind(kind.trim_start_matches("meeting_"));
            let said = event.detail.as_deref().unwrap_or_default();
            format!("{how}{by}\u{a0}: {said}")
        }
        "level_up" => format!("Avis\u{a0}: {}{by}", direction_words("up")),
        "level_down" => format!("Avis\u{a0}: {}{by}", direction_words("down")),
        "level_withdrawn" => format!("Avis retiré\u{a0}: {}{by}", direction_words(subject)),
        "accounts_removed" => {
            let closing = subject
                .parse()
                .map_or(String::new(), |day| format!(" au {}", long_date(day)));
            format!("Comptes saisis{closing} supprimés{by}")
        }
        "notice" => event
            .notice
            .clone()
            .and_then(|content| serde_json::from_value(content).ok())
            .map_or_else(
                || "Annonce légale illisible".to_owned(),
                |row| notice::sentence(&row),
            ),
        "workshop_held" => format!("À l’ordre du jour de l’atelier «\u{a0}{subject}\u{a0}»"),
        "workshop_decided" => format!("Décision d’atelier\u{a0}: {subject}"),
        "workshop_done" => format!("Décision d’atelier faite\u{a0}: {subject}"),
        "workshop_dropped" => format!("Décision d’atelier abandonnée\u{a0}: {subject}"),
        plan if plan.starts_with("plan_") => plan_sentence(event, subject, &by),
        step if step.starts_with("introduction_") => introduction_sentence(event, &by),
        link if link.starts_with("supply_") => supply_sentence(event, &by),
        alert if alert.starts_with("alert_") => alert_sentence(event, subject, &by),
        contact => contact_sentence(contact, event.subject.as_deref(), &by),
    }
}

fn flag(code: &str) -> &'static str {
    RedFlag::from_code(code).unwrap_or(RedFlag::Other).label()
}

fn plan_sentence(event: &EventRow, subject: &str, by: &str) -> String {
    match event.kind.as_str() {
        "plan_opened" => format!("Plan d’actions ouvert{by}\u{a0}: {subject}"),
        "plan_closed" => format!("Plan d’actions clos{by}\u{a0}: {}", outcome_words(subject)),
        "plan_added" => format!("Action ajoutée au plan{by}\u{a0}: {subject}"),
        "plan_dropped" => format!("Action abandonnée\u{a0}: {subject}"),
        _ => match event.detail.as_deref() {
            Some(result) if !result.is_empty() => {
                format!("Action faite\u{a0}: {subject}. Résultat\u{a0}: {result}")
            }
            _ => format!("Action faite\u{a0}: {subject}"),
        },
    }
}

fn introduction_sentence(event: &EventRow, by: &str) -> String {
    let other = event
        .subject
        .as_deref()
        .unwrap_or("une entreprise non nommée");
    let stands = match event.kind.as_str() {
        "introduction_proposed" => "proposée",
        "introduction_accepted" => "acceptée",
        "introduction_met" => "rencontre faite",
        "introduction_pursued" => "suite donnée",
        _ => return format!("Mise en relation avec {other} sans suite{by}"),
    };
    match event.detail.as_deref() {
        Some(said) => format!("Mise en relation avec {other}, {stands}{by}\u{a0}: {said}"),
        None => format!("Mise en relation avec {other}, {stands}{by}"),
    }
}

fn supply_sentence(event: &EventRow, by: &str) -> String {
    let other = event
        .subject
        .as_deref()
        .unwrap_or("une entreprise non nommée");
    let side = if event.kind.ends_with("customer") {
        "client"
    } else {
        "fournisseur"
    };
    if event.kind.starts_with("supply_ended") {
        return format!("Lien terminé avec {other}, {side}{by}");
    }
    let goods = event.detail.as_deref().unwrap_or_default();
    format!("Lien noté avec {other}, {side}{by}\u{a0}: {goods}")
}

fn alert_sentence(event: &EventRow, subject: &str, by: &str) -> String {
    let what = match event.kind.as_str() {
        "alert_opened" => "Alerte ouverte",
        "alert_enriched" => "Alerte\u{a0}: nouvelle raison",
        "alert_taken" => return format!("Alerte prise en charge{by}"),
        "alert_assigned" => return format!("Alerte confiée à {subject}{by}"),
        "alert_waiting" => return format!("Alerte mise en attente{by}"),
        "alert_woken" => return "Alerte\u{a0}: l’attente est finie".to_owned(),
        "alert_closed" => return format!("Alerte classée{by}"),
        "alert_merged" => return format!("Alerte rattachée à une autre{by}"),
        "alert_lifted" => "Alerte\u{a0}: raison annulée",
        _ => return format!("Alerte rouverte{by}"),
    };
    match subject {
        "" => what.to_owned(),
        why => format!("{what}. {why}"),
    }
}

fn contact_sentence(kind: &str, name: Option<&str>, by: &str) -> String {
    let verb = match kind {
        "contact_insert" => "Contact ajouté",
        "contact_delete" => "Contact supprimé",
        "contact_archived" => "Contact archivé",
        "contact_restored" => "Contact rétabli",
        "contact_erased" => "Contact effacé",
        _ => "Contact modifié",
    };
    // A deleted contact has left no name.
    match name {
        Some(name) => format!("{verb}\u{a0}: {name}{by}"),
        None => format!("{verb}{by}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: &str, subject: Option<&str>) -> EventRow {
        EventRow {
            on: NaiveDate::default(),
            kind: kind.into(),
            subject: subject.map(str::to_owned),
            detail: Some("Premier employeur de la vallée.".into()),
            from_slot: None,
            to_slot: Some(2),
            person: Some("Claire Martin".into()),
            notice: None,
        }
    }

    #[test]
    fn an_entry_says_where_and_keeps_its_motive() {
        let step = Step::of(event("key_chosen", Some("Sor et Agout")));
        assert_eq!(
            step.sentence,
            "Choisie comme entreprise clé (Sor et Agout, place\u{a0}2), par Claire Martin"
        );
        assert_eq!(
            step.motive.as_deref(),
            Some("Premier employeur de la vallée.")
        );
    }

    #[test]
    fn a_deleted_contact_has_no_name() {
        let step = Step::of(event("contact_delete", None));
        assert_eq!(step.sentence, "Contact supprimé, par Claire Martin");
        assert_eq!(step.motive, None);
    }
}
