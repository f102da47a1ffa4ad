//! The five dossiers of the plan of a company, as its page shows them.

use crate::domain::Dossier;
use crate::features::companies::queries::exchanges::DossierRow;
use crate::web::filters::agree;

/// The five rows.
#[derive(Debug)]
pub struct Dossiers {
    /// Whether a plan runs.
    pub runs: bool,
    /// The dossier, and its actions in words.
    pub rows: Vec<(Dossier, String)>,
}

impl Dossiers {
    /// From those with actions; none when no plan runs.
    pub fn new(found: Option<Vec<DossierRow>>) -> Self {
        let runs = found.is_some();
        let found = found.unwrap_or_default();
        let of = |dossier: Dossier| {
            let row = found.iter().find(|row| row.dossier == dossier.code());
            (dossier, row.map_or_else(none, in_words))
        };
        Self {
            runs,
            rows: Dossier::ALL.map(of).into(),
        }
    }
}

fn none() -> String {
    "aucune action".to_owned()
}

/// « 3 actions à mener, dont 1 en retard ; 2 faites ».
fn in_words(row: &DossierRow) -> String {
    let count = |n: i64, one: &str, many: &str| {
        (n > 0).then(|| format!("{n}\u{a0}{}", agree(n, one, many)))
    };
    let pressing: Vec<String> = [
        count(row.late, "en retard", "en retard"),
        count(row.blocked, "bloquée", "bloquées"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let open = count(row.open, "action à mener", "actions à mener").map(|open| {
        if pressing.is_empty() {
            open
        } else {
            format!("{open}, dont {}", pressing.join(" et "))
        }
    });
    let done = count(row.done, "faite", "faites");
    let parts: Vec<String> = open.into_iter().chain(done).collect();
    if parts.is_empty() {
        none()
    } else {
        parts.join("\u{202f}; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_five_dossiers_are_always_there() {
        let row = |dossier: &str, open, late, blocked, done| DossierRow {
            dossier: dossier.to_owned(),
            open,
            late,
            blocked,
            done,
        };
        let found = vec![row("training", 3, 1, 2, 1), row("research", 0, 0, 0, 0)];
        let words: Vec<String> = Dossiers::new(Some(found))
            .rows
            .into_iter()
            .map(|(_, words)| words)
            .collect();
        assert_eq!(
            words,
            [
                "aucune action",
                "aucune action",
                "aucune action",
                "3\u{a0}actions à mener, dont 1\u{a0}en retard et 2\u{a0}bloquées\u{202f}; 1\u{a0}faite",
                "aucune action"
            ]
        );
        assert_eq!(Dossiers::new(None).rows.len(), 5);
    }
}
