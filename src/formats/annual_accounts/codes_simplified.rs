//! Codes of simplified accounts.

use super::codes::{Code, Measure, Regime};

const fn stock(code: &'static str, label_fr: &'static str) -> Code {
    Code::line(Regime::Simplified, Measure::Stock, code, label_fr)
}

const fn flow(code: &'static str, label_fr: &'static str) -> Code {
    Code::line(Regime::Simplified, Measure::Flow, code, label_fr)
}

const fn note(measure: Measure, code: &'static str, label_fr: &'static str) -> Code {
    Code::note(Regime::Simplified, measure, code, label_fr)
}

/// Lines of the forms, in their order.
pub(super) const SIMPLIFIED: &[Code] = &[
    // Form 2033-A: assets (page 1).
    stock("010", "Fonds commercial"),
    stock("014", "Autres immobilisations incorporelles"),
    stock("028", "Immobilisations corporelles"),
    stock("040", "Immobilisations financières"),
    stock("044", "Total de l’actif immobilisé"),
    stock("050", "Matières premières, approvisionnements, en-cours"),
    stock("060", "Marchandises"),
    stock("064", "Avances et acomptes versés sur commandes"),
    stock("068", "Clients et comptes rattachés"),
    stock("072", "Autres créances"),
    stock("080", "Valeurs mobilières de placement"),
    stock("084", "Disponibilités"),
    stock("092", "Charges constatées d’avance"),
    stock("096", "Total de l’actif circulant"),
    stock("110", "Total général de l’actif"),
    // Form 2033-A: liabilities (page 1).
    stock("120", "Capital social ou individuel"),
    stock("124", "Écarts de réévaluation"),
    stock("126", "Réserve légale"),
    stock("130", "Réserves réglementées"),
    stock("132", "Autres réserves"),
    stock("134", "Report à nouveau"),
    stock("136", "Résultat de l’exercice (au passif)"),
    stock("140", "Provisions réglementées"),
    stock("142", "Total des capitaux propres"),
    stock("154", "Provisions pour risques et charges"),
    stock("156", "Emprunts et dettes assimilées"),
    stock("164", "Avances et acomptes reçus sur commandes"),
    stock("166", "Fournisseurs et comptes rattachés"),
    stock("172", "Autres dettes (dont fiscales et sociales)"),
    stock("174", "Produits constatés d’avance"),
    stock("176", "Total des dettes"),
    stock("180", "Total général du passif"),
    // Form 2033-B: income statement (page 2).
    flow("210", "Ventes de marchandises"),
    flow("214", "Production vendue de biens"),
    flow("218", "Production vendue de services"),
    flow("222", "Production stockée"),
    flow("224", "Production immobilisée"),
    flow("226", "Subventions d’exploitation reçues"),
    flow("230", "Autres produits"),
    flow("232", "Total des produits d’exploitation"),
    flow("234", "Achats de marchandises"),
    flow("236", "Variation de stock de marchandises"),
    flow("238", "Achats de matières premières et approvisionnements"),
    flow("240", "Variation de stock de matières premières"),
    flow("242", "Autres charges externes"),
    flow("244", "Impôts, taxes et versements assimilés"),
    flow("250", "Rémunérations du personnel"),
    flow("252", "Charges sociales"),
    flow("254", "Dotations aux amortissements"),
    flow("256", "Dotations aux provisions"),
    flow("262", "Autres charges"),
    flow("264", "Total des charges d’exploitation"),
    flow("270", "Résultat d’exploitation"),
    flow("280", "Produits financiers"),
    flow("290", "Produits exceptionnels"),
    flow("294", "Charges financières"),
    flow("300", "Charges exceptionnelles"),
    flow("306", "Impôts sur les bénéfices"),
    flow("310", "Bénéfice ou perte"),
    // Notes below the forms. 195 has both years (m3 and m4); the others have one amount: m2 for 169,
    // m3 for 193, 197 and 199, m1 for 376.
    stock("195", "Dont dettes à plus d’un an"),
    note(Measure::Stock, "169", "Dont comptes courants d’associés"),
    note(
        Measure::Stock,
        "193",
        "Dont immobilisations financières à moins d’un an",
    ),
    note(Measure::Stock, "197", "Dont créances à plus d’un an"),
    note(
        Measure::Stock,
        "199",
        "Dont comptes courants d’associés débiteurs",
    ),
    note(Measure::Headcount, "376", "Effectif moyen du personnel"),
];
