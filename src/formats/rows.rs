//! Plain rows that the readers yield, whatever the file they come from.

use chrono::NaiveDate;

use crate::domain::{InseeCode, Siren, Siret};

/// What the public may see (C. com. R123-232-1; Insee « statut de diffusion »).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Diffusion {
    /// `O`: everything.
    Open,
    /// `P`, formerly `N`: partly. What must be masked is `None` in the row.
    Partial,
}

/// State of a legal unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnitState {
    /// `A`.
    Active,
    /// `C`, cessée.
    Ceased,
}

/// State of an establishment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EstablishmentState {
    /// `A`.
    Active,
    /// `F`, fermé.
    Closed,
}

/// Size in the sense of the decree 2008-1354, over the whole group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SizeCategory {
    /// Petite ou moyenne entreprise.
    Pme,
    /// Entreprise de taille intermédiaire.
    Eti,
    /// Grande entreprise.
    Ge,
}

/// Activity code with the nomenclature it belongs to: an old code is kept as it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Activity {
    /// `25.62B`, or an older form such as `17.2A`.
    pub code: String,
    /// `NAFRev2`, `NAFRev1`, `NAF1993` or `NAP`; `None` when the file does not say.
    pub nomenclature: Option<String>,
}

/// Headcount band (`tranche d’effectif`) as Insee codes it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HeadcountBand {
    /// `NN` (no employee, or unknown to Insee) or two digits, see [`BANDS`].
    pub code: String,
    /// Year that the band describes, about two years back.
    pub year: Option<i32>,
}

/// Insee's headcount bands: code, fewest, most (`None`: no upper bound). `NN` has no bounds.
pub const BANDS: [(&str, i32, Option<i32>); 15] = [
    ("00", 0, Some(0)),
    ("01", 1, Some(2)),
    ("02", 3, Some(5)),
    ("03", 6, Some(9)),
    ("11", 10, Some(19)),
    ("12", 20, Some(49)),
    ("21", 50, Some(99)),
    ("22", 100, Some(199)),
    ("31", 200, Some(249)),
    ("32", 250, Some(499)),
    ("41", 500, Some(999)),
    ("42", 1000, Some(1999)),
    ("51", 2000, Some(4999)),
    ("52", 5000, Some(9999)),
    ("53", 10000, None),
];

/// True for one of Insee's sixteen codes, `NN` included.
pub fn is_band(code: &str) -> bool {
    code == "NN" || BANDS.iter().any(|(known, ..)| *known == code)
}

/// A legal unit. `None` is « not told » (absent, masked, or set aside with a warning).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalUnitRow {
    /// Key.
    pub siren: Siren,
    /// What the public may see; `None` when the file does not say.
    pub diffusion: Option<Diffusion>,
    /// A natural person: legal category beginning with 1. `None` when nothing tells.
    pub is_person: Option<bool>,
    /// Denomination, or « first name last name » of a natural person.
    pub name: Option<String>,
    /// Names the public knows it by, joined by « , ».
    pub usual_name: Option<String>,
    /// Sigle.
    pub acronym: Option<String>,
    /// Insee code of four digits.
    pub legal_category: Option<String>,
    /// Active or ceased.
    pub state: Option<UnitState>,
    /// Creation.
    pub created_on: Option<NaiveDate>,
    /// Since when the unit is in its present state.
    pub state_since: Option<NaiveDate>,
    /// Main activity.
    pub activity: Option<Activity>,
    /// Main activity in NAF 2025, which replaces rev. 2 on 1 January 2027.
    pub activity_naf25: Option<String>,
    /// Headcount band; `NN` differs from an absent value.
    pub headcount: Option<HeadcountBand>,
    /// Size of the group.
    pub size: Option<SizeCategory>,
    /// Head office, possibly in another département.
    pub head_office: Option<Siret>,
    /// Économie sociale et solidaire.
    pub social_economy: Option<bool>,
    /// Société à mission.
    pub mission: Option<bool>,
    /// Has employees.
    pub employer: Option<bool>,
    /// Last time that the producer touched the record.
    pub updated_on: Option<NaiveDate>,
}

/// An establishment. `None` as in [`LegalUnitRow`].
#[derive(Debug, Clone, PartialEq)]
pub struct EstablishmentRow {
    /// Key; holds the SIREN and the NIC.
    pub siret: Siret,
    /// What the public may see.
    pub diffusion: Option<Diffusion>,
    /// Head office of its legal unit.
    pub is_head_office: Option<bool>,
    /// Enseigne.
    pub shop_sign: Option<String>,
    /// Dénomination usuelle.
    pub usual_name: Option<String>,
    /// Complement, number, street and special distribution, joined by « , ».
    pub address: Option<String>,
    /// Postcode.
    pub postcode: Option<String>,
    /// Insee code of the commune as written, possibly of a commune that has merged since.
    pub commune: Option<InseeCode>,
    /// Name of the commune, or of the foreign town.
    pub commune_label: Option<String>,
    /// Foreign country.
    pub country: Option<String>,
    /// Lambert-93 (EPSG:2154) easting, in metres.
    pub lambert_x: Option<f64>,
    /// Lambert-93 northing, in metres.
    pub lambert_y: Option<f64>,
    /// WGS84 latitude, when the file gives that instead.
    pub latitude: Option<f64>,
    /// WGS84 longitude.
    pub longitude: Option<f64>,
    /// Active or closed.
    pub state: Option<EstablishmentState>,
    /// Creation.
    pub created_on: Option<NaiveDate>,
    /// Since when it is in its present state.
    pub state_since: Option<NaiveDate>,
    /// Main activity.
    pub activity: Option<Activity>,
    /// Main activity in NAF 2025.
    pub activity_naf25: Option<String>,
    /// Headcount band.
    pub headcount: Option<HeadcountBand>,
    /// Has employees.
    pub employer: Option<bool>,
    /// Last time that the producer touched the record.
    pub updated_on: Option<NaiveDate>,
}

/// What a count describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Granularity {
    /// One month.
    Month,
    /// One year.
    Year,
}

/// Headcount of an establishment over a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeadcountRow {
    /// The establishment.
    pub siret: Siret,
    /// First day of the period.
    pub period: NaiveDate,
    /// Length of the period.
    pub granularity: Granularity,
    /// People, 0 to 1 000 000.
    pub headcount: i32,
}

/// A company as a file of companies gives it: establishments each once, head office first.
#[derive(Debug, Clone, PartialEq)]
pub struct Company {
    /// The legal unit.
    pub unit: LegalUnitRow,
    /// The establishments that the file tells of.
    pub establishments: Vec<EstablishmentRow>,
    /// An exact headcount, when the file gives one with its year.
    pub headcount: Option<HeadcountRow>,
}

impl LegalUnitRow {
    /// Texts of any length, with what to call them.
    pub fn texts(&self) -> [(&'static str, Option<&str>); 6] {
        [
            ("nom", self.name.as_deref()),
            ("nom usuel", self.usual_name.as_deref()),
            ("sigle", self.acronym.as_deref()),
            ("catégorie juridique", self.legal_category.as_deref()),
            ("activité", self.activity.as_ref().map(|a| a.code.as_str())),
            ("activité NAF 2025", self.activity_naf25.as_deref()),
        ]
    }

    /// A row of which nothing but the key is known.
    pub fn unknown(siren: Siren) -> Self {
        Self {
            siren,
            diffusion: None,
            is_person: None,
            name: None,
            usual_name: None,
            acronym: None,
            legal_category: None,
            state: None,
            created_on: None,
            state_since: None,
            activity: None,
            activity_naf25: None,
            headcount: None,
            size: None,
            head_office: None,
            social_economy: None,
            mission: None,
            employer: None,
            updated_on: None,
        }
    }

    /// Removes what a partial diffusion hides: the acronym, and the names of a natural person.
    ///
    /// A unit that does not say whether it is a person is treated as one.
    pub fn mask(&mut self) {
        if self.diffusion == Some(Diffusion::Partial) {
            self.acronym = None;
            if self.is_person != Some(false) {
                self.name = None;
                self.usual_name = None;
            }
        }
    }
}

impl EstablishmentRow {
    /// Texts of any length, with what to call them.
    pub fn texts(&self) -> [(&'static str, Option<&str>); 7] {
        [
            ("enseigne", self.shop_sign.as_deref()),
            ("nom usuel", self.usual_name.as_deref()),
            ("adresse", self.address.as_deref()),
            ("code postal", self.postcode.as_deref()),
            ("commune", self.commune_label.as_deref()),
            ("activité", self.activity.as_ref().map(|a| a.code.as_str())),
            ("activité NAF 2025", self.activity_naf25.as_deref()),
        ]
    }

    /// A row of which nothing but the key is known.
    pub fn unknown(siret: Siret) -> Self {
        Self {
            siret,
            diffusion: None,
            is_head_office: None,
            shop_sign: None,
            usual_name: None,
            address: None,
            postcode: None,
            commune: None,
            commune_label: None,
            country: None,
            lambert_x: None,
            lambert_y: None,
            latitude: None,
            longitude: None,
            state: None,
            created_on: None,
            state_since: None,
            activity: None,
            activity_naf25: None,
            headcount: None,
            employer: None,
            updated_on: None,
        }
    }

    /// Removes what a partial diffusion hides: address and place, and the names unless
    /// `is_person` tells that the owner is no natural person. Commune and activity stay public.
    pub fn mask(&mut self, is_person: Option<bool>) {
        if self.diffusion == Some(Diffusion::Partial) {
            self.address = None;
            self.postcode = None;
            (self.lambert_x, self.lambert_y) = (None, None);
            (self.latitude, self.longitude) = (None, None);
            if is_person != Some(false) {
                self.shop_sign = None;
                self.usual_name = None;
            }
        }
    }
}
