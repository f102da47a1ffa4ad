//! Which columns a row tells of: one bit each, as the views `merged_companies` and
//! `merged_establishments` read them. A column that is not told of keeps its known value.

use crate::formats::header::Header;
use crate::formats::rejection::Rejection;
use crate::formats::rows::{EstablishmentRow, EstablishmentState, LegalUnitRow, UnitState};

/// What a row may erase by its silence.
#[derive(Debug, Clone, Copy)]
pub struct Telling {
    /// The columns of the file's header; none for files whose empty cells mean « not told ».
    pub file: i32,
    /// The columns that this row tells of even where it is silent.
    pub row: i32,
}

impl Telling {
    /// A row in which a value was set aside erases nothing: what is known is worth more than what
    /// cannot be.
    pub fn of(file: i32, warnings: &[Rejection]) -> Self {
        let row = if warnings.is_empty() { file } else { 0 };
        Self { file, row }
    }
}

/// Columns that the header of a SIRENE file of legal units has, whatever their values.
pub fn of_unit_header(header: &Header) -> i32 {
    bits(&[
        (
            4,
            header.has(&["denominationUniteLegale", "nomUniteLegale"]),
        ),
        (8, header.has(&["denominationUsuelle1UniteLegale"])),
        (16, header.has(&["sigleUniteLegale"])),
        (32, header.has(&["categorieJuridiqueUniteLegale"])),
        (128, header.has(&["dateCreationUniteLegale"])),
        (512, header.has(&["activitePrincipaleUniteLegale"])),
        (1024, header.has(&["activitePrincipaleNAF25UniteLegale"])),
        (2048, header.has(&["trancheEffectifsUniteLegale"])),
        (4096, header.has(&["categorieEntreprise"])),
        (8192, header.has(&["nicSiegeUniteLegale"])),
        (16384, header.has(&["economieSocialeSolidaireUniteLegale"])),
        (32768, header.has(&["societeMissionUniteLegale"])),
        (65536, header.has(&["caractereEmployeurUniteLegale"])),
    ])
}

/// Columns of a legal unit: those of the file, and those that the row fills.
pub fn of_unit(row: &LegalUnitRow, file: i32) -> i32 {
    file | bits(&[
        (1, row.diffusion.is_some()),
        (2, row.is_person.is_some()),
        (4, row.name.is_some()),
        (8, row.usual_name.is_some()),
        (16, row.acronym.is_some()),
        (32, row.legal_category.is_some()),
        (64, row.state.is_some()),
        (128, row.created_on.is_some()),
        // An active unit has no end; a ceased one has the end that the file gives, if any.
        (
            256,
            row.state == Some(UnitState::Active)
                || (row.state.is_some() && row.state_since.is_some()),
        ),
        (512, row.activity.is_some()),
        (1024, row.activity_naf25.is_some()),
        (2048, row.headcount.is_some()),
        (4096, row.size.is_some()),
        (8192, row.head_office.is_some()),
        (16384, row.social_economy.is_some()),
        (32768, row.mission.is_some()),
        (65536, row.employer.is_some()),
    ])
}

/// Columns that the header of a SIRENE file of establishments has, whatever their values.
pub fn of_establishment_header(header: &Header) -> i32 {
    let place = |name: &str| header.has(&[&format!("{name}Etablissement"), name]);
    bits(&[
        (8, place("enseigne1") || place("denominationUsuelle")),
        (16, place("libelleVoie")),
        (32, place("codePostal")),
        (64, place("codeCommune")),
        (128, place("libelleCommune")),
        (256, place("dateCreation")),
        (1024, place("activitePrincipale")),
        (2048, place("activitePrincipaleNAF25")),
        (4096, place("trancheEffectifs")),
        (8192, place("coordonneeLambertAbscisse")),
    ])
}

/// Columns of an establishment: those of the file, and those that the row fills. `has_commune`:
/// its commune was found, by code or by name.
pub fn of_establishment(row: &EstablishmentRow, has_commune: bool, file: i32) -> i32 {
    let ended = row.state == Some(EstablishmentState::Active)
        || (row.state.is_some() && row.state_since.is_some());
    file | bits(&[
        (1, row.diffusion.is_some()),
        (2, row.is_head_office.is_some()),
        (4, row.state.is_some()),
        (8, row.shop_sign.is_some() || row.usual_name.is_some()),
        (16, row.address.is_some()),
        (32, row.postcode.is_some()),
        (64, has_commune),
        (128, row.commune_label.is_some()),
        (256, row.created_on.is_some()),
        (512, ended),
        (1024, row.activity.is_some()),
        (2048, row.activity_naf25.is_some()),
        (4096, row.headcount.is_some()),
        (8192, row.lambert_x.is_some() && row.lambert_y.is_some()),
    ])
}

fn bits(columns: &[(i32, bool)]) -> i32 {
    columns
        .iter()
        .filter(|(_, told)| *told)
        .fold(0, |mask, (bit, _)| mask | bit)
}

/// The code of a nomenclature as `naf_codes` has it; a code without one is read by its shape.
pub fn nomenclature(code: &str, told: Option<&str>) -> &'static str {
    match told {
        Some("NAFRev2") => "rev2",
        Some("NAFRev1") => "rev1",
        Some("NAF1993") => "1993",
        Some("NAP") => "nap",
        Some("NAF2025" | "NAF25") => "2025",
        // NN.NNL is the shape of revision 2; the older ones read NN.NL.
        _ if code.len() == 6 => "rev2",
        _ => "1993",
    }
}
