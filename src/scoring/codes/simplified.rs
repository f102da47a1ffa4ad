//! Forms 2033-A and 2033-B.

use super::{Code, Nature, Signed, Sum, WhenAbsent, code, depreciation, flow, stock};

type Lines = (&'static [Signed], &'static [Signed]);

/// Footnotes of 2033-A: one of them present says that the block was read.
const FOOTNOTES: &[&str] = &["182", "184", "193", "197", "199"];

pub(super) const ASSETS: Lines = (
    &[("110", 1), ("112", -1)],
    &[("044", 1), ("048", -1), ("096", 1), ("098", -1)],
);
pub(super) const CURRENT_ASSETS: Lines = (
    &[("096", 1), ("098", -1)],
    &[
        ("050", 1),
        ("052", -1),
        ("060", 1),
        ("062", -1),
        ("064", 1),
        ("066", -1),
        ("068", 1),
        ("070", -1),
        ("072", 1),
        ("074", -1),
        ("080", 1),
        ("082", -1),
        ("084", 1),
        ("086", -1),
        ("092", 1),
        ("094", -1),
    ],
);
pub(super) const LIABILITIES: Lines = (&[("180", 1)], &[("142", 1), ("154", 1), ("176", 1)]);
pub(super) const EQUITY: Lines = (
    &[("142", 1)],
    &[
        ("120", 1),
        ("124", 1),
        ("126", 1),
        ("130", 1),
        ("132", 1),
        ("134", 1),
        ("136", 1),
        ("140", 1),
    ],
);
pub(super) const DEBTS: Lines = (
    &[("176", 1)],
    &[("156", 1), ("164", 1), ("166", 1), ("172", 1), ("174", 1)],
);
pub(super) const OPERATING: Lines = (
    &[("270", 1)],
    &[
        ("210", 1),
        ("214", 1),
        ("218", 1),
        ("222", 1),
        ("224", 1),
        ("226", 1),
        ("230", 1),
        ("234", -1),
        ("236", -1),
        ("238", -1),
        ("240", -1),
        ("242", -1),
        ("244", -1),
        ("250", -1),
        ("252", -1),
        ("254", -1),
        ("256", -1),
        ("262", -1),
    ],
);
pub(super) const NET: Lines = (
    &[("310", 1)],
    &[
        ("270", 1),
        ("280", 1),
        ("290", 1),
        ("294", -1),
        ("300", -1),
        ("306", -1),
    ],
);

/// A line that no other can stand for.
const fn alone(name: &'static str, label: &'static str, nature: Nature) -> Code {
    code(name, label, nature, WhenAbsent::Unknown)
}

pub(super) const CODES: &[Code] = &[
    stock("044", "Total de l’actif immobilisé", Sum::SimplifiedAssets),
    depreciation("048"),
    stock(
        "050",
        "Matières premières, approvisionnements, en-cours",
        Sum::SimplifiedCurrentAssets,
    ),
    depreciation("052"),
    stock("060", "Marchandises", Sum::SimplifiedCurrentAssets),
    depreciation("062"),
    stock(
        "064",
        "Avances et acomptes versés sur commandes",
        Sum::SimplifiedCurrentAssets,
    ),
    depreciation("066"),
    stock(
        "068",
        "Clients et comptes rattachés",
        Sum::SimplifiedCurrentAssets,
    ),
    depreciation("070"),
    stock("072", "Autres créances", Sum::SimplifiedCurrentAssets),
    depreciation("074"),
    stock(
        "080",
        "Valeurs mobilières de placement",
        Sum::SimplifiedCurrentAssets,
    ),
    depreciation("082"),
    stock("084", "Disponibilités", Sum::SimplifiedCurrentAssets),
    depreciation("086"),
    stock(
        "092",
        "Charges constatées d’avance",
        Sum::SimplifiedCurrentAssets,
    ),
    depreciation("094"),
    stock("096", "Total de l’actif circulant", Sum::SimplifiedAssets),
    depreciation("098"),
    alone("110", "Total général de l’actif", Nature::Stock),
    depreciation("112"),
    stock("120", "Capital social ou individuel", Sum::SimplifiedEquity),
    stock("124", "Écarts de réévaluation", Sum::SimplifiedEquity),
    stock("126", "Réserve légale", Sum::SimplifiedEquity),
    stock("130", "Réserves réglementées", Sum::SimplifiedEquity),
    stock("132", "Autres réserves", Sum::SimplifiedEquity),
    stock("134", "Report à nouveau", Sum::SimplifiedEquity),
    // The result as equity at the closing date: never annualised, unlike 310.
    stock(
        "136",
        "Résultat de l’exercice (passif)",
        Sum::SimplifiedEquity,
    ),
    stock("140", "Provisions réglementées", Sum::SimplifiedEquity),
    stock(
        "142",
        "Total des capitaux propres",
        Sum::SimplifiedLiabilities,
    ),
    stock(
        "154",
        "Provisions pour risques et charges",
        Sum::SimplifiedLiabilities,
    ),
    stock("156", "Emprunts et dettes assimilées", Sum::SimplifiedDebts),
    stock(
        "164",
        "Avances et acomptes reçus sur commandes",
        Sum::SimplifiedDebts,
    ),
    stock(
        "166",
        "Fournisseurs et comptes rattachés",
        Sum::SimplifiedDebts,
    ),
    code(
        "169",
        "Dont comptes courants d’associés",
        Nature::Stock,
        // Part of 172: an empty box beside a line that was read is nothing.
        WhenAbsent::ZeroIfPresentOrNil(&["172"], "172"),
    ),
    stock(
        "172",
        "Autres dettes, dont fiscales et sociales",
        Sum::SimplifiedDebts,
    ),
    stock("174", "Produits constatés d’avance", Sum::SimplifiedDebts),
    stock("176", "Total des dettes", Sum::SimplifiedLiabilities),
    alone("180", "Total général du passif", Nature::Stock),
    alone(
        "182",
        "Coût de revient des immobilisations acquises",
        Nature::Flow,
    ),
    alone(
        "184",
        "Prix de vente des immobilisations cédées",
        Nature::Flow,
    ),
    alone(
        "193",
        "Immobilisations financières à moins d’un an",
        Nature::Stock,
    ),
    code(
        "195",
        "Dettes à plus d’un an",
        Nature::Stock,
        // Long debts are borrowings: a company without borrowings leaves the box empty.
        WhenAbsent::ZeroIfPresentOrNil(FOOTNOTES, "156"),
    ),
    alone("197", "Créances à plus d’un an", Nature::Stock),
    alone(
        "199",
        "Comptes courants d’associés débiteurs",
        Nature::Stock,
    ),
    flow("210", "Ventes de marchandises", Sum::SimplifiedOperating),
    flow(
        "214",
        "Production vendue de biens",
        Sum::SimplifiedOperating,
    ),
    flow(
        "218",
        "Production vendue de services",
        Sum::SimplifiedOperating,
    ),
    flow("222", "Production stockée", Sum::SimplifiedOperating),
    flow("224", "Production immobilisée", Sum::SimplifiedOperating),
    flow(
        "226",
        "Subventions d’exploitation reçues",
        Sum::SimplifiedOperating,
    ),
    flow("230", "Autres produits", Sum::SimplifiedOperating),
    alone("232", "Total des produits d’exploitation", Nature::Flow),
    flow("234", "Achats de marchandises", Sum::SimplifiedOperating),
    flow(
        "236",
        "Variation de stock de marchandises",
        Sum::SimplifiedOperating,
    ),
    flow(
        "238",
        "Achats de matières premières et approvisionnements",
        Sum::SimplifiedOperating,
    ),
    flow(
        "240",
        "Variation de stock de matières premières",
        Sum::SimplifiedOperating,
    ),
    flow("242", "Autres charges externes", Sum::SimplifiedOperating),
    flow(
        "244",
        "Impôts, taxes et versements assimilés",
        Sum::SimplifiedOperating,
    ),
    flow(
        "250",
        "Rémunérations du personnel",
        Sum::SimplifiedOperating,
    ),
    flow("252", "Charges sociales", Sum::SimplifiedOperating),
    flow(
        "254",
        "Dotations aux amortissements",
        Sum::SimplifiedOperating,
    ),
    flow("256", "Dotations aux provisions", Sum::SimplifiedOperating),
    flow("262", "Autres charges", Sum::SimplifiedOperating),
    alone("264", "Total des charges d’exploitation", Nature::Flow),
    flow("270", "Résultat d’exploitation", Sum::SimplifiedNet),
    flow("280", "Produits financiers", Sum::SimplifiedNet),
    flow("290", "Produits exceptionnels", Sum::SimplifiedNet),
    flow("294", "Charges financières", Sum::SimplifiedNet),
    flow("300", "Charges exceptionnelles", Sum::SimplifiedNet),
    flow("306", "Impôts sur les bénéfices", Sum::SimplifiedNet),
    alone("310", "Bénéfice ou perte", Nature::Flow),
];
