//! What to ask at the highest level, proposed from what is known.

use super::model::dossier_label;
use super::queries::needs::Need;
use super::queries::top::Pending;
use crate::scoring::explanation::Explanation;

/// Questions proposed at most: the note is one page.
const MOST: usize = 8;

/// Questions, one a line.
pub fn questions(explanation: Option<&Explanation>, needs: &[Need], steps: &[Pending]) -> String {
    let mut lines: Vec<String> = steps
        .iter()
        .filter(|step| step.promise != "Reprendre contact")
        .take(2)
        .map(|step| {
            format!(
                "Nous avions promis «\u{a0}{}\u{a0}»\u{a0}: est-ce fait\u{202f}?",
                step.promise
            )
        })
        .collect();
    let factors = explanation.into_iter().flat_map(|known| &known.factors);
    lines.extend(
        factors
            .filter(|factor| factor.is_known && factor.points > 0)
            .take(3)
            .map(|factor| {
                format!(
                    "{} ({})\u{a0}: comment l’expliquez-vous\u{202f}?",
                    factor.label,
                    factor.finding.trim_end_matches('.')
                )
            }),
    );
    lines.extend(needs.iter().take(2).map(|need| {
        format!(
            "{}, «\u{a0}{}\u{a0}»\u{a0}: où en êtes-vous\u{202f}?",
            dossier_label(&need.dossier),
            need.need
        )
    }));
    let always = [
        "Quels sont vos projets à trois ans, et ce qui les freine\u{202f}?",
        "Quels métiers vous manquent aujourd’hui et demain\u{202f}?",
        "Qui prendra votre suite\u{202f}?",
    ];
    lines.extend(always.map(str::to_owned));
    lines.truncate(MOST);
    lines.join("\n")
}
