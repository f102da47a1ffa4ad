//! Forms 2050 to 2053. The depreciation column of « autres créances » is printed `CA`, which is also
//! how everybody writes sales: a formula that says `CA` means the aggregate.

use super::{Code, Nature, Signed, Sum, WhenAbsent, code, depreciation, flow, stock};

type Lines = (&'static [Signed], &'static [Signed]);

pub(super) const ASSETS: Lines = (
    &[("CO", 1), ("1A", -1)],
    &[
        ("AA", 1),
        ("BJ", 1),
        ("BK", -1),
        ("CJ", 1),
        ("CK", -1),
        ("CL", 1),
        ("CW", 1),
        ("CM", 1),
        ("CN", 1),
    ],
);
pub(super) const CURRENT_ASSETS: Lines = (
    &[("CJ", 1), ("CK", -1)],
    &[
        ("BL", 1),
        ("BM", -1),
        ("BN", 1),
        ("BO", -1),
        ("BP", 1),
        ("BQ", -1),
        ("BR", 1),
        ("BS", -1),
        ("BT", 1),
        ("BU", -1),
        ("BV", 1),
        ("BW", -1),
        ("BX", 1),
        ("BY", -1),
        ("BZ", 1),
        ("CA", -1),
        ("CB", 1),
        ("CC", -1),
        ("CD", 1),
        ("CE", -1),
        ("CF", 1),
        ("CG", -1),
        ("CH", 1),
        ("CI", -1),
    ],
);
pub(super) const LIABILITIES: Lines = (
    &[("EE", 1)],
    &[("DL", 1), ("DO", 1), ("DR", 1), ("EC", 1), ("ED", 1)],
);
pub(super) const EQUITY: Lines = (
    &[("DL", 1)],
    &[
        ("DA", 1),
        ("DB", 1),
        ("DC", 1),
        ("DD", 1),
        ("DE", 1),
        ("DF", 1),
        ("DG", 1),
        ("DH", 1),
        ("DI", 1),
        ("DJ", 1),
        ("DK", 1),
    ],
);
pub(super) const DEBTS: Lines = (
    &[("EC", 1)],
    &[
        ("DS", 1),
        ("DT", 1),
        ("DU", 1),
        ("DV", 1),
        ("DW", 1),
        ("DX", 1),
        ("DY", 1),
        ("DZ", 1),
        ("EA", 1),
        ("EB", 1),
    ],
);
pub(super) const OPERATING: Lines = (
    &[("GG", 1)],
    &[
        ("FL", 1),
        ("FM", 1),
        ("FN", 1),
        ("FO", 1),
        ("FP", 1),
        ("FQ", 1),
        ("FS", -1),
        ("FT", -1),
        ("FU", -1),
        ("FV", -1),
        ("FW", -1),
        ("FX", -1),
        ("FY", -1),
        ("FZ", -1),
        ("GA", -1),
        ("GB", -1),
        ("GC", -1),
        ("GD", -1),
        ("GE", -1),
    ],
);
pub(super) const CURRENT: Lines = (
    &[("GW", 1)],
    &[("GG", 1), ("GH", 1), ("GI", -1), ("GP", 1), ("GU", -1)],
);
pub(super) const FINANCIAL_INCOME: Lines = (
    &[("GP", 1)],
    &[
        ("GJ", 1),
        ("GK", 1),
        ("GL", 1),
        ("GM", 1),
        ("GN", 1),
        ("GO", 1),
    ],
);
pub(super) const FINANCIAL_CHARGES: Lines =
    (&[("GU", 1)], &[("GQ", 1), ("GR", 1), ("GS", 1), ("GT", 1)]);
pub(super) const NET: Lines = (
    &[("HN", 1)],
    &[
        ("GW", 1),
        ("HA", 1),
        ("HB", 1),
        ("HC", 1),
        ("HE", -1),
        ("HF", -1),
        ("HG", -1),
        ("HJ", -1),
        ("HK", -1),
    ],
);

/// A total that no other line can stand for.
const fn total(name: &'static str, label: &'static str, nature: Nature) -> Code {
    code(name, label, nature, WhenAbsent::Unknown)
}

pub(super) const CODES: &[Code] = &[
    stock("AA", "Capital souscrit non appelé", Sum::Assets),
    stock("BJ", "Total de l’actif immobilisé", Sum::Assets),
    depreciation("BK"),
    stock(
        "BL",
        "Stocks de matières premières et approvisionnements",
        Sum::CurrentAssets,
    ),
    depreciation("BM"),
    stock("BN", "En-cours de production de biens", Sum::CurrentAssets),
    depreciation("BO"),
    stock(
        "BP",
        "En-cours de production de services",
        Sum::CurrentAssets,
    ),
    depreciation("BQ"),
    stock("BR", "Produits intermédiaires et finis", Sum::CurrentAssets),
    depreciation("BS"),
    stock("BT", "Marchandises", Sum::CurrentAssets),
    depreciation("BU"),
    stock(
        "BV",
        "Avances et acomptes versés sur commandes",
        Sum::CurrentAssets,
    ),
    depreciation("BW"),
    stock("BX", "Clients et comptes rattachés", Sum::CurrentAssets),
    depreciation("BY"),
    stock("BZ", "Autres créances", Sum::CurrentAssets),
    depreciation("CA"),
    stock(
        "CB",
        "Capital souscrit et appelé, non versé",
        Sum::CurrentAssets,
    ),
    depreciation("CC"),
    stock("CD", "Valeurs mobilières de placement", Sum::CurrentAssets),
    depreciation("CE"),
    stock("CF", "Disponibilités", Sum::CurrentAssets),
    depreciation("CG"),
    stock("CH", "Charges constatées d’avance", Sum::CurrentAssets),
    depreciation("CI"),
    stock("CJ", "Total de l’actif circulant", Sum::Assets),
    depreciation("CK"),
    stock("CL", "Charges à répartir", Sum::Assets),
    stock("CW", "Frais d’émission d’emprunt à étaler", Sum::Assets),
    stock("CM", "Primes de remboursement des obligations", Sum::Assets),
    stock("CN", "Écarts de conversion, actif", Sum::Assets),
    total("CO", "Total général de l’actif", Nature::Stock),
    depreciation("1A"),
    stock("DA", "Capital social ou individuel", Sum::Equity),
    stock("DB", "Primes d’émission, de fusion, d’apport", Sum::Equity),
    stock("DC", "Écarts de réévaluation", Sum::Equity),
    stock("DD", "Réserve légale", Sum::Equity),
    stock("DE", "Réserves statutaires ou contractuelles", Sum::Equity),
    stock("DF", "Réserves réglementées", Sum::Equity),
    stock("DG", "Autres réserves", Sum::Equity),
    stock("DH", "Report à nouveau", Sum::Equity),
    // The result as equity at the closing date: never annualised, unlike HN.
    stock("DI", "Résultat de l’exercice (passif)", Sum::Equity),
    stock("DJ", "Subventions d’investissement", Sum::Equity),
    stock("DK", "Provisions réglementées", Sum::Equity),
    stock("DL", "Total des capitaux propres", Sum::Liabilities),
    code(
        "DO",
        "Total des autres fonds propres",
        Nature::Stock,
        // Participating securities and conditional advances: hardly any company has some, and to
        // leave them out is prudent.
        WhenAbsent::ZeroIfPresent(&["DL"]),
    ),
    stock(
        "DR",
        "Total des provisions pour risques et charges",
        Sum::Liabilities,
    ),
    stock("DS", "Emprunts obligataires convertibles", Sum::Debts),
    stock("DT", "Autres emprunts obligataires", Sum::Debts),
    stock(
        "DU",
        "Emprunts auprès des établissements de crédit",
        Sum::Debts,
    ),
    stock("DV", "Emprunts et dettes financières divers", Sum::Debts),
    stock("DW", "Avances et acomptes reçus sur commandes", Sum::Debts),
    stock("DX", "Dettes fournisseurs et comptes rattachés", Sum::Debts),
    stock("DY", "Dettes fiscales et sociales", Sum::Debts),
    stock("DZ", "Dettes sur immobilisations", Sum::Debts),
    stock("EA", "Autres dettes", Sum::Debts),
    stock("EB", "Produits constatés d’avance", Sum::Debts),
    stock("EC", "Total des dettes", Sum::Liabilities),
    stock("ED", "Écarts de conversion, passif", Sum::Liabilities),
    total("EE", "Total général du passif", Nature::Stock),
    total(
        "EG",
        "Dettes et produits constatés d’avance à moins d’un an",
        Nature::Stock,
    ),
    code(
        "EH",
        "Concours bancaires courants et soldes créditeurs de banques",
        Nature::Stock,
        // A footnote beside EG: a page whose EG was read has its EH read too.
        WhenAbsent::ZeroIfPresent(&["EG"]),
    ),
    total("FA", "Ventes de marchandises, France", Nature::Flow),
    total("FB", "Ventes de marchandises, export", Nature::Flow),
    total("FC", "Ventes de marchandises", Nature::Flow),
    total("FD", "Production vendue de biens, France", Nature::Flow),
    total("FE", "Production vendue de biens, export", Nature::Flow),
    total("FF", "Production vendue de biens", Nature::Flow),
    total("FG", "Production vendue de services, France", Nature::Flow),
    total("FH", "Production vendue de services, export", Nature::Flow),
    total("FI", "Production vendue de services", Nature::Flow),
    total("FJ", "Chiffre d’affaires net, France", Nature::Flow),
    total("FK", "Chiffre d’affaires net, export", Nature::Flow),
    flow("FL", "Chiffre d’affaires net", Sum::Operating),
    flow("FM", "Production stockée", Sum::Operating),
    flow("FN", "Production immobilisée", Sum::Operating),
    flow("FO", "Subventions d’exploitation", Sum::Operating),
    flow(
        "FP",
        "Reprises sur amortissements et provisions, transferts de charges",
        Sum::Operating,
    ),
    flow("FQ", "Autres produits", Sum::Operating),
    total("FR", "Total des produits d’exploitation", Nature::Flow),
    flow("FS", "Achats de marchandises", Sum::Operating),
    flow("FT", "Variation de stock de marchandises", Sum::Operating),
    flow(
        "FU",
        "Achats de matières premières et approvisionnements",
        Sum::Operating,
    ),
    flow(
        "FV",
        "Variation de stock de matières premières",
        Sum::Operating,
    ),
    flow("FW", "Autres achats et charges externes", Sum::Operating),
    flow(
        "FX",
        "Impôts, taxes et versements assimilés",
        Sum::Operating,
    ),
    flow("FY", "Salaires et traitements", Sum::Operating),
    flow("FZ", "Charges sociales", Sum::Operating),
    flow(
        "GA",
        "Dotations aux amortissements sur immobilisations",
        Sum::Operating,
    ),
    flow(
        "GB",
        "Dotations aux dépréciations sur immobilisations",
        Sum::Operating,
    ),
    flow(
        "GC",
        "Dotations aux dépréciations sur actif circulant",
        Sum::Operating,
    ),
    flow(
        "GD",
        "Dotations aux provisions pour risques et charges",
        Sum::Operating,
    ),
    flow("GE", "Autres charges", Sum::Operating),
    total("GF", "Total des charges d’exploitation", Nature::Flow),
    flow("GG", "Résultat d’exploitation", Sum::Current),
    flow("GH", "Bénéfice attribué ou perte transférée", Sum::Current),
    flow("GI", "Perte supportée ou bénéfice transféré", Sum::Current),
    flow(
        "GJ",
        "Produits financiers de participations",
        Sum::FinancialIncome,
    ),
    flow(
        "GK",
        "Produits des autres valeurs mobilières et créances",
        Sum::FinancialIncome,
    ),
    flow(
        "GL",
        "Autres intérêts et produits assimilés",
        Sum::FinancialIncome,
    ),
    flow(
        "GM",
        "Reprises financières et transferts de charges",
        Sum::FinancialIncome,
    ),
    flow(
        "GN",
        "Différences positives de change",
        Sum::FinancialIncome,
    ),
    flow(
        "GO",
        "Produits nets sur cessions de valeurs de placement",
        Sum::FinancialIncome,
    ),
    flow("GP", "Total des produits financiers", Sum::Current),
    flow(
        "GQ",
        "Dotations financières aux amortissements et provisions",
        Sum::FinancialCharges,
    ),
    flow(
        "GR",
        "Intérêts et charges assimilées",
        Sum::FinancialCharges,
    ),
    flow(
        "GS",
        "Différences négatives de change",
        Sum::FinancialCharges,
    ),
    flow(
        "GT",
        "Charges nettes sur cessions de valeurs de placement",
        Sum::FinancialCharges,
    ),
    flow("GU", "Total des charges financières", Sum::Current),
    flow("GW", "Résultat courant avant impôts", Sum::Net),
    flow(
        "HA",
        "Produits exceptionnels sur opérations de gestion",
        Sum::Net,
    ),
    flow(
        "HB",
        "Produits exceptionnels sur opérations en capital",
        Sum::Net,
    ),
    flow(
        "HC",
        "Reprises exceptionnelles et transferts de charges",
        Sum::Net,
    ),
    flow(
        "HE",
        "Charges exceptionnelles sur opérations de gestion",
        Sum::Net,
    ),
    flow(
        "HF",
        "Charges exceptionnelles sur opérations en capital",
        Sum::Net,
    ),
    flow("HG", "Dotations exceptionnelles", Sum::Net),
    flow("HJ", "Participation des salariés", Sum::Net),
    flow("HK", "Impôts sur les bénéfices", Sum::Net),
    total("HN", "Bénéfice ou perte", Nature::Flow),
];

pub(super) const GROUP_CODES: &[Code] = &[
    total("R6", "Résultat net de l’ensemble consolidé", Nature::Flow),
    total("R8", "Résultat net, part du groupe", Nature::Flow),
];
