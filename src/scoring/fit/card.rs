//! The model card, in French: what the model is for, what it is not, how it was measured.

use std::fmt::Write as _;

use super::Fitted;
use super::words::percent;
use crate::scoring::counting::{real, share};
use crate::scoring::model::{Direction, Variable};

/// A card in Markdown, to be published beside the model. Its figures are those of the training;
/// a back-test on other years completes it.
pub fn card(fitted: &Fitted) -> String {
    let model = &fitted.model;
    let identity = &model.identity;
    let mut card = format!(
        "# Fiche du modèle {} {}\n\n- Auteur\u{a0}: {}\n- Valable à partir du\u{a0}: {}\n- Raison\u{a0}: {}\n\n",
        identity.id,
        identity.version,
        identity.author,
        identity.valid_from.format("%d/%m/%Y"),
        identity.reason
    );
    purpose(fitted, &mut card);
    data(fitted, &mut card);
    measures(fitted, &mut card);
    levels(fitted, &mut card);
    let _ = write!(
        card,
        "## Variables\n\nTotal\u{a0}: {} points.\n\n| Variable | Thème | Plus risqué | Points au plus | Valeur inconnue |\n|---|---|---|---|---|\n",
        model.total()
    );
    for one in &model.variables {
        variable(one, &mut card);
    }
    limits(fitted, &mut card);
    card
}

fn purpose(fitted: &Fitted, card: &mut String) {
    let identity = &fitted.model.identity;
    let _ = write!(
        card,
        "## À quoi il sert\n\nIl classe les entreprises à examiner d’abord. Il prédit\u{a0}: {} (horizon\u{a0}: {} mois).\n\n## Ce qu’il n’est pas\n\nIl ne dit pas qu’une entreprise va échouer, ne décide de rien et ne peut fonder seul aucun refus. Une personne examine chaque signalement.\n\n",
        identity.label_definition, identity.horizon_months
    );
}

fn data(fitted: &Fitted, card: &mut String) {
    let digest = fitted
        .model
        .identity
        .sha256_training
        .as_deref()
        .unwrap_or("–");
    let _ = write!(
        card,
        "## Données\n\n- Source\u{a0}: {}\n- Périodes\u{a0}: {} à {}\n- {} lignes, {} entreprises, {} défaillances ({})\n- Empreinte SHA-256\u{a0}: `{digest}`\n\n",
        fitted.source,
        fitted.periods.0,
        fitted.periods.1,
        fitted.rows,
        fitted.firms,
        fitted.failures,
        percent(share(real(fitted.failures), real(fitted.rows)))
    );
}

fn measures(fitted: &Fitted, card: &mut String) {
    let options = &fitted.options;
    let _ = write!(
        card,
        "## Mesures\n\nMesures des points entiers sur des entreprises que l’apprentissage n’a pas vues ({} plis par entreprise).\n\n",
        options.folds
    );
    for (name, value) in &fitted.metrics {
        let label = match name.as_str() {
            "auc" => "Aire sous la courbe ROC, tous plis ensemble",
            "auc_mean_of_folds" => "Aire sous la courbe ROC, moyenne des plis",
            "average_precision" => "Précision moyenne, tous plis ensemble",
            "average_precision_mean_of_folds" => "Précision moyenne, moyenne des plis",
            "precision_top_5" => "Précision parmi les 5\u{a0}% les plus fragiles",
            "recall_top_5" => "Rappel parmi les 5\u{a0}% les plus fragiles",
            other => other,
        };
        let _ = writeln!(
            card,
            "- {label}\u{a0}: {}",
            format!("{value:.3}").replace('.', ",")
        );
    }
    if let Some(precision) = fitted.metrics.get("precision_top_5") {
        let sound = (20.0 * (1.0 - precision)).round();
        let _ = write!(
            card,
            "\nSur 20 entreprises signalées (les 5\u{a0}% les plus fragiles), environ {sound:.0} ne défailliront pas dans l’horizon.\n"
        );
    }
    let _ = write!(
        card,
        "\nApprentissage\u{a0}: {} souches monotones × {} tirages, {} des valeurs cachées au hasard, graine {}.\n\n",
        options.rounds,
        options.bags,
        percent(options.mask),
        options.seed
    );
}

fn levels(fitted: &Fitted, card: &mut String) {
    let levels = fitted.model.levels;
    let _ = write!(
        card,
        "## Niveaux\n\nModéré à partir de {} points, Élevé de {}, Critique de {}\u{a0}; un niveau se quitte {} points sous son entrée.\n\n",
        levels.moderate, levels.high, levels.critical, levels.exit_margin
    );
}

fn variable(variable: &Variable, card: &mut String) {
    let side = match variable.direction {
        Direction::LowerIsRiskier => "bas",
        Direction::HigherIsRiskier => "haut",
    };
    let _ = writeln!(
        card,
        "| {} (`{}`) | {} | {side} | {} | {} |",
        variable.label,
        variable.id,
        variable.block,
        variable.weight(),
        variable.missing
    );
}

fn limits(fitted: &Fitted, card: &mut String) {
    let _ = write!(
        card,
        "\n## Limites connues\n\n- La population est celle des données ({} à {})\u{a0}: les fréquences changent avec la conjoncture.\n- Une valeur inconnue compte pour peu\u{a0}; sous {} du poids connu, aucun niveau n’est donné.\n- Les entreprises sans comptes publics ne sont pas notées.\n- Les mesures par taille, par secteur et par année se lisent dans le rétro-test.\n",
        fitted.periods.0,
        fitted.periods.1,
        percent(fitted.model.completeness.min_weight)
    );
}
