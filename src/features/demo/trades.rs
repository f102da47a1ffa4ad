//! What the invented companies do: trades that the Tarn really has, so that a demonstration looks
//! like the département without naming anyone.

/// A trade and the sizes that its companies have.
#[derive(Debug, Clone, Copy)]
pub struct Trade {
    /// Words of the company's name, after « EXEMPLE ».
    pub words: &'static str,
    /// NAF rev. 2.
    pub naf: &'static str,
    /// NAF 2025, where the correspondence is one to one.
    pub naf_2025: &'static str,
    /// Fewest and most jobs.
    pub jobs: (u32, u32),
}

const fn trade(
    words: &'static str,
    naf: &'static str,
    naf_2025: &'static str,
    jobs: (u32, u32),
) -> Trade {
    Trade {
        words,
        naf,
        naf_2025,
        jobs,
    }
}

/// Trades found anywhere.
pub const COMMON: [Trade; 24] = [
    trade("MÉCANIQUE DE PRÉCISION", "25.62B", "25.53Y", (12, 85)),
    trade("CHARPENTE ET COUVERTURE", "43.91A", "", (4, 24)),
    trade("MENUISERIE", "43.32A", "", (3, 18)),
    trade("MAÇONNERIE GÉNÉRALE", "43.99C", "43.91Y", (3, 40)),
    trade("PLOMBERIE ET ÉNERGIE", "43.22A", "43.22G", (2, 15)),
    trade("TRANSPORTS", "49.41A", "", (8, 70)),
    trade("GARAGE RURAL", "45.20A", "", (2, 9)),
    trade("BOULANGERIE", "10.71C", "", (2, 9)),
    trade("ÉPICERIE DU BOURG", "47.11B", "47.11G", (1, 6)),
    trade("PHARMACIE DU CENTRE", "47.73Z", "", (3, 8)),
    trade("SCIERIE", "16.10A", "", (6, 32)),
    trade("IMPRIMERIE", "18.12Z", "", (5, 28)),
    trade("PLASTURGIE", "22.29A", "", (14, 95)),
    trade("SERVICES INFORMATIQUES", "62.02A", "62.20G", (2, 30)),
    trade("AIDE À DOMICILE", "88.10A", "", (15, 110)),
    trade("ABATTOIR DE PROXIMITÉ", "10.11Z", "", (9, 45)),
    trade("LAITERIE", "10.51C", "", (12, 60)),
    trade("NÉGOCE AGRICOLE", "46.21Z", "", (5, 35)),
    trade("MAISON D’ACCUEIL DES AÎNÉS", "87.10A", "", (28, 90)),
    trade("TRAVAUX PUBLICS", "42.11Z", "", (10, 75)),
    trade("CHAUDRONNERIE", "25.11Z", "", (8, 55)),
    trade("EMBALLAGE CARTON", "17.21A", "", (12, 80)),
    trade("TRAITEMENT DES EAUX", "36.00Z", "", (6, 30)),
    trade("HÔTELLERIE DE CAMPAGNE", "55.10Z", "", (3, 16)),
];

/// Trades that a territory is known for, by SIREN of the EPCI.
pub const LOCAL: [(&str, &[Trade]); 16] = [
    (
        "248100737",
        &[
            trade("VERRERIE D’EMBALLAGE", "23.13Z", "23.13Y", (90, 240)),
            trade("COMPOSANTS ÉLECTRONIQUES", "26.11Z", "", (25, 120)),
        ],
    ),
    (
        "248100430",
        &[
            trade("COSMÉTIQUE", "20.42Z", "", (60, 210)),
            trade("TISSAGE", "13.20Z", "13.20Y", (18, 110)),
            trade("DÉLAINAGE", "15.11Z", "", (8, 35)),
        ],
    ),
    (
        "200066124",
        &[
            trade("MÉGISSERIE", "15.11Z", "", (10, 48)),
            trade("CAVE DES COTEAUX", "11.02B", "", (8, 60)),
        ],
    ),
    (
        "200034023",
        &[
            trade("STRUCTURES AÉRONAUTIQUES", "30.30Z", "", (40, 190)),
            trade("PRINCIPES ACTIFS", "21.10Z", "", (35, 150)),
        ],
    ),
    (
        "200040905",
        &[
            trade("ATELIER DU VERRE", "23.13Z", "23.13Y", (6, 40)),
            trade("PIÈCES AUTOMOBILES", "29.32Z", "", (30, 130)),
        ],
    ),
    (
        "248100158",
        &[
            trade("AGROALIMENTAIRE DE LA PLAINE", "10.89Z", "", (25, 95)),
            trade("BRIQUETERIE", "23.32Z", "", (12, 45)),
        ],
    ),
    (
        "243100567",
        &[
            trade("MEUBLES D’ART", "31.09B", "", (5, 38)),
            trade("ÉBÉNISTERIE", "31.09A", "", (3, 20)),
        ],
    ),
    (
        "200034056",
        &[
            trade("AIL ROSE", "01.63Z", "01.63Y", (6, 42)),
            trade("SEMENCES", "46.21Z", "", (5, 28)),
        ],
    ),
    (
        "200066561",
        &[
            trade("GRANIT DU PLATEAU", "23.70Z", "", (7, 52)),
            trade("CARRIÈRE", "08.11Z", "", (5, 24)),
        ],
    ),
    (
        "200034049",
        &[
            trade("FORGE ET OUTILLAGE", "25.73A", "", (10, 58)),
            trade("VOLAILLES FERMIÈRES", "10.12Z", "", (14, 66)),
        ],
    ),
    (
        "200066553",
        &[
            trade("SALAISONS DE MONTAGNE", "10.13B", "", (18, 140)),
            trade("EAU DE SOURCE", "11.07A", "", (20, 75)),
        ],
    ),
    (
        "248200107",
        &[trade("FROMAGERIE DU CAUSSE", "10.51C", "", (8, 30))],
    ),
    (
        "200034031",
        &[
            trade("BOIS ÉNERGIE", "16.10B", "", (5, 22)),
            trade("ÉLEVAGE ET GÉNÉTIQUE", "01.62Z", "", (6, 25)),
        ],
    ),
    (
        "248100497",
        &[
            trade("CONSERVERIE", "10.39B", "", (9, 44)),
            trade("HYDROÉLECTRICITÉ", "35.11Z", "", (4, 16)),
        ],
    ),
    (
        "200034064",
        &[
            trade("CHARPENTES MÉDIÉVALES", "43.91A", "", (6, 24)),
            trade("ARTS ET CUIR", "15.12Z", "", (4, 18)),
        ],
    ),
    (
        "248100745",
        &[
            trade("FILATURE DE LA VALLÉE", "13.10Z", "", (12, 64)),
            trade("TEXTILE TECHNIQUE", "13.96Z", "", (15, 82)),
        ],
    ),
];

/// The trades of a territory: its own first, then the common ones.
pub fn of_territory(siren: &str) -> Vec<Trade> {
    let local = LOCAL
        .iter()
        .find(|(s, _)| *s == siren)
        .map_or(&[][..], |(_, trades)| trades);
    local.iter().chain(&COMMON).copied().collect()
}
