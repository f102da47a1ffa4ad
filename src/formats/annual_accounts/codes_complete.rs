//! Codes of complete and consolidated accounts.

use super::codes::{Code, Measure, Regime};

const fn stock(code: &'static str, label_fr: &'static str) -> Code {
    Code::line(Regime::Complete, Measure::Stock, code, label_fr)
}

const fn flow(code: &'static str, label_fr: &'static str) -> Code {
    Code::line(Regime::Complete, Measure::Flow, code, label_fr)
}

const fn note(measure: Measure, code: &'static str, label_fr: &'static str) -> Code {
    Code::note(Regime::Complete, measure, code, label_fr)
}

const fn group(code: &'static str, label_fr: &'static str) -> Code {
    Code::line(Regime::Consolidated, Measure::Flow, code, label_fr)
}

/// Lines of the forms, in their order.
pub(super) const COMPLETE: &[Code] = &[
    // Form 2050: assets (page 1). All certain.
    stock("AA", "Capital souscrit non appelé"),
    stock("AB", "Frais d’établissement"),
    stock("CX", "Frais de développement"),
    stock("AF", "Concessions, brevets et droits similaires"),
    stock("AH", "Fonds commercial"),
    stock("AJ", "Autres immobilisations incorporelles"),
    stock(
        "AL",
        "Avances et acomptes sur immobilisations incorporelles",
    ),
    stock("AN", "Terrains"),
    stock("AP", "Constructions"),
    stock("AR", "Installations techniques, matériel et outillage"),
    stock("AT", "Autres immobilisations corporelles"),
    stock("AV", "Immobilisations en cours"),
    stock("AX", "Avances et acomptes sur immobilisations corporelles"),
    stock("CS", "Participations évaluées par mise en équivalence"),
    stock("CU", "Autres participations"),
    stock("BB", "Créances rattachées à des participations"),
    stock("BD", "Autres titres immobilisés"),
    stock("BF", "Prêts"),
    stock("BH", "Autres immobilisations financières"),
    stock("BJ", "Total de l’actif immobilisé"),
    stock("BL", "Matières premières et approvisionnements"),
    stock("BN", "En-cours de production de biens"),
    stock("BP", "En-cours de production de services"),
    stock("BR", "Produits intermédiaires et finis"),
    stock("BT", "Marchandises"),
    stock("BV", "Avances et acomptes versés sur commandes"),
    stock("BX", "Clients et comptes rattachés"),
    stock("BZ", "Autres créances"),
    stock("CB", "Capital souscrit et appelé, non versé"),
    stock("CD", "Valeurs mobilières de placement"),
    stock("CF", "Disponibilités"),
    stock("CH", "Charges constatées d’avance"),
    stock("CJ", "Total de l’actif circulant"),
    stock("CW", "Frais d’émission d’emprunts à étaler"),
    stock("CM", "Primes de remboursement des obligations"),
    stock("CN", "Écarts de conversion actif"),
    stock("CO", "Total général de l’actif"),
    // Form 2051: liabilities (page 2). EF to EH are notes below the form that have both years.
    stock("DA", "Capital social ou individuel"),
    stock("DB", "Primes d’émission, de fusion, d’apport"),
    stock("DC", "Écarts de réévaluation"),
    stock("DD", "Réserve légale"),
    stock("DE", "Réserves statutaires ou contractuelles"),
    stock("DF", "Réserves réglementées"),
    stock("DG", "Autres réserves"),
    stock("DH", "Report à nouveau"),
    stock("DI", "Résultat de l’exercice (au passif)"),
    stock("DJ", "Subventions d’investissement"),
    stock("DK", "Provisions réglementées"),
    stock("DL", "Total des capitaux propres"),
    stock("DM", "Produit des émissions de titres participatifs"),
    stock("DN", "Avances conditionnées"),
    stock("DO", "Total des autres fonds propres"),
    stock("DP", "Provisions pour risques"),
    stock("DQ", "Provisions pour charges"),
    stock("DR", "Total des provisions pour risques et charges"),
    stock("DS", "Emprunts obligataires convertibles"),
    stock("DT", "Autres emprunts obligataires"),
    stock(
        "DU",
        "Emprunts et dettes auprès des établissements de crédit",
    ),
    stock("DV", "Emprunts et dettes financières divers"),
    stock("DW", "Avances et acomptes reçus sur commandes"),
    stock("DX", "Dettes fournisseurs et comptes rattachés"),
    stock("DY", "Dettes fiscales et sociales"),
    stock("DZ", "Dettes sur immobilisations"),
    stock("EA", "Autres dettes"),
    stock("EB", "Produits constatés d’avance"),
    stock("EC", "Total des dettes"),
    stock("ED", "Écarts de conversion passif"),
    stock("EE", "Total général du passif"),
    stock("EF", "Dont réserve spéciale des plus-values à long terme"),
    stock(
        "EG",
        "Dettes et produits constatés d’avance à moins d’un an",
    ),
    stock(
        "EH",
        "Dont concours bancaires courants et soldes créditeurs de banques",
    ),
    // Form 2052: operations and finance (pages 3 and 4). All certain.
    flow("FC", "Ventes de marchandises"),
    flow("FF", "Production vendue de biens"),
    flow("FI", "Production vendue de services"),
    flow("FL", "Chiffre d’affaires net"),
    flow("FM", "Production stockée"),
    flow("FN", "Production immobilisée"),
    flow("FO", "Subventions d’exploitation"),
    flow(
        "FP",
        "Reprises sur amortissements et provisions, transferts de charges",
    ),
    flow("FQ", "Autres produits"),
    flow("FR", "Total des produits d’exploitation"),
    flow("FS", "Achats de marchandises"),
    flow("FT", "Variation de stock de marchandises"),
    flow("FU", "Achats de matières premières et approvisionnements"),
    flow("FV", "Variation de stock de matières premières"),
    flow("FW", "Autres achats et charges externes"),
    flow("FX", "Impôts, taxes et versements assimilés"),
    flow("FY", "Salaires et traitements"),
    flow("FZ", "Charges sociales"),
    flow("GA", "Dotations aux amortissements sur immobilisations"),
    flow("GB", "Dotations aux provisions sur immobilisations"),
    flow("GC", "Dotations aux provisions sur actif circulant"),
    flow("GD", "Dotations aux provisions pour risques et charges"),
    flow("GE", "Autres charges"),
    flow("GF", "Total des charges d’exploitation"),
    flow("GG", "Résultat d’exploitation"),
    flow("GH", "Bénéfice attribué ou perte transférée"),
    flow("GI", "Perte supportée ou bénéfice transféré"),
    flow("GJ", "Produits financiers de participations"),
    flow("GK", "Produits des autres valeurs mobilières"),
    flow("GL", "Autres intérêts et produits assimilés"),
    flow("GM", "Reprises financières sur provisions"),
    flow("GN", "Différences positives de change"),
    flow(
        "GO",
        "Produits nets sur cessions de valeurs mobilières de placement",
    ),
    flow("GP", "Total des produits financiers"),
    flow(
        "GQ",
        "Dotations financières aux amortissements et provisions",
    ),
    flow("GR", "Intérêts et charges assimilées"),
    flow("GS", "Différences négatives de change"),
    flow(
        "GT",
        "Charges nettes sur cessions de valeurs mobilières de placement",
    ),
    flow("GU", "Total des charges financières"),
    flow("GV", "Résultat financier"),
    flow("GW", "Résultat courant avant impôts"),
    // Form 2053: exceptional items and result (page 4). All certain.
    flow("HA", "Produits exceptionnels sur opérations de gestion"),
    flow("HB", "Produits exceptionnels sur opérations en capital"),
    flow("HC", "Reprises exceptionnelles sur provisions"),
    flow("HD", "Total des produits exceptionnels"),
    flow("HE", "Charges exceptionnelles sur opérations de gestion"),
    flow("HF", "Charges exceptionnelles sur opérations en capital"),
    flow(
        "HG",
        "Dotations exceptionnelles aux amortissements et provisions",
    ),
    flow("HH", "Total des charges exceptionnelles"),
    flow("HI", "Résultat exceptionnel"),
    flow("HJ", "Participation des salariés"),
    flow("HK", "Impôts sur les bénéfices"),
    flow("HL", "Total des produits"),
    flow("HM", "Total des charges"),
    flow("HN", "Bénéfice ou perte"),
    // Form 2058-C: notes (page 11). The codes are certain; the column is the only one filled.
    note(Measure::Headcount, "YP", "Effectif moyen du personnel"),
    note(
        Measure::Stock,
        "YS",
        "Effets portés à l’escompte et non échus",
    ),
    note(Measure::Flow, "YY", "Taxe sur la valeur ajoutée collectée"),
    note(Measure::Flow, "YZ", "Taxe sur la valeur ajoutée déductible"),
    // Consolidated accounts (page 4), after the list of Inpi; the forms have no such line.
    group("R6", "Résultat net de l’ensemble consolidé"),
    group("R8", "Résultat net, part du groupe"),
];
