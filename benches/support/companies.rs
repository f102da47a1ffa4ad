//! Invented companies, as many as wanted, always the same ones.
//!
//! Names begin with EXEMPLE. SIREN numbers are valid for Luhn and lie from 000 000 018 to about
//! 001 000 000: the register has never given any below 005 000 000, so nobody's company is meant.

/// One invented company with its establishments, all in the communes given.
pub struct Company {
    /// 9 digits.
    pub siren: String,
    /// Begins with EXEMPLE; none for a person whose diffusion the register forbids.
    pub name: Option<String>,
    /// Whether everything may be shown.
    pub diffusible: bool,
    /// Whether it is a person.
    pub is_person: bool,
    /// Whether it is in business.
    pub active: bool,
    /// `YYYY-MM-DD`.
    pub created_on: String,
    /// Place in the list of activities.
    pub activity: usize,
    /// Code of the headcount band (Sirene); none when the register does not say.
    pub band: Option<&'static str>,
    /// The first stands for the company.
    pub establishments: Vec<Establishment>,
}

/// One of its establishments.
pub struct Establishment {
    /// 14 digits.
    pub siret: String,
    /// Sign over the door, when there is one.
    pub name: Option<String>,
    /// Number and street.
    pub address: String,
    /// A number from 0 to 1: where its commune is among the communes laid out by population.
    pub position: f64,
}

const TRADES: [&str; 40] = [
    "MÉCANIQUE",
    "MENUISERIE",
    "BOULANGERIE",
    "TRANSPORTS",
    "CARROSSERIE",
    "BÉTONS",
    "DÉLAINAGE",
    "MÉGISSERIE",
    "IMPRIMERIE",
    "CHARPENTES",
    "ÉLECTRICITÉ",
    "PLOMBERIE",
    "MAÇONNERIE",
    "GRANITS",
    "TEXTILES",
    "TEINTURERIE",
    "FROMAGERIE",
    "SALAISONS",
    "DOMAINE VITICOLE",
    "PHARMACIE",
    "GARAGE",
    "HÔTEL",
    "RESTAURANT",
    "AMBULANCES",
    "COSMÉTIQUES",
    "VERRERIE",
    "CÉRAMIQUE",
    "LOGICIELS",
    "CONSEIL",
    "IMMOBILIER",
    "USINAGE",
    "TÔLERIE",
    "SCIERIE",
    "PÉPINIÈRES",
    "MEUNERIE",
    "CHAUDRONNERIE",
    "SERRURERIE",
    "PEINTURE",
    "PAYSAGE",
    "CONFECTION",
];
const PLACES: [&str; 24] = [
    "DU LYS",
    "DES MONTS",
    "DU SIDOBRE",
    "DE L’AGOUT",
    "DU THORÉ",
    "DU DADOU",
    "DU SOR",
    "DU CÉROU",
    "DES GRANDS CHÊNES",
    "DE LA PLAINE",
    "DU VIEUX PONT",
    "ET FILS",
    "FRÈRES",
    "DU MOULIN",
    "DE LA GARE",
    "DES COTEAUX",
    "DU PASTEL",
    "DE LA BRIQUE",
    "DU CAUSSE",
    "DES GORGES",
    "DE LA FORÊT",
    "DU PAYS",
    "OCCITANE",
    "DU MIDI",
];
const STREETS: [&str; 6] = [
    "RUE DE LA MAIRIE",
    "AVENUE DE LA GARE",
    "CHEMIN DES VIGNES",
    "ZA DES PORTES",
    "PLACE DU MARCHÉ",
    "ROUTE DU MOULIN",
];
/// In the register, most companies employ nobody or do not say.
const BANDS: [Option<&str>; 20] = [
    None,
    None,
    None,
    None,
    None,
    Some("NN"),
    Some("NN"),
    Some("NN"),
    Some("NN"),
    Some("00"),
    Some("01"),
    Some("01"),
    Some("01"),
    Some("02"),
    Some("02"),
    Some("03"),
    Some("03"),
    Some("11"),
    Some("12"),
    Some("21"),
];

/// The company of this number, from 1.
pub fn company(number: u32) -> Company {
    let mut dice = Dice(u64::from(number));
    let siren = with_key(&format!("{number:08}"));
    let is_person = dice.roll(100) < 45;
    let diffusible = dice.roll(100) >= 12;
    let name = format!(
        "EXEMPLE {} {} {number}",
        TRADES[dice.roll(TRADES.len())],
        PLACES[dice.roll(PLACES.len())]
    );
    let sites = [1, 1, 1, 1, 1, 1, 2, 2, 3, 5][dice.roll(10)];
    Company {
        name: (diffusible || !is_person).then_some(name),
        diffusible,
        is_person,
        active: dice.roll(100) < 65,
        created_on: format!(
            "{}-{:02}-{:02}",
            1970 + dice.roll(56),
            1 + dice.roll(12),
            1 + dice.roll(28)
        ),
        activity: dice.roll(usize::MAX),
        band: BANDS[dice.roll(BANDS.len())],
        establishments: (1..=sites)
            .map(|nic| establishment(&siren, nic, &mut dice))
            .collect(),
        siren,
    }
}

fn establishment(siren: &str, nic: u32, dice: &mut Dice) -> Establishment {
    let sign = TRADES[dice.roll(TRADES.len())];
    Establishment {
        siret: with_key(&format!("{siren}{nic:04}")),
        name: (dice.roll(6) == 0).then(|| format!("ENSEIGNE EXEMPLE {sign}")),
        address: format!(
            "{} {}",
            1 + dice.roll(90),
            STREETS[dice.roll(STREETS.len())]
        ),
        position: dice.share(),
    }
}

/// Adds the last digit, with which Luhn's sum is a multiple of ten.
fn with_key(digits: &str) -> String {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            if place % 2 == 1 {
                digit
            } else {
                digit * 2 / 10 + digit * 2 % 10
            }
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

/// `SplitMix64` (Steele, Lea, Flood, 2014): the same throws on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to `sides` excluded.
    fn roll(&mut self, sides: usize) -> usize {
        usize::try_from(self.next() >> 1).unwrap_or(0) % sides
    }

    /// From 0 to 1 excluded.
    fn share(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).unwrap_or(0)) / f64::from(u32::MAX)
    }
}
