use std::io::Cursor;

use chrono::NaiveDate;

use super::*;
use crate::formats::input::{Limits, open};
use crate::formats::rejection::Cause;
use crate::formats::rows::{
    Diffusion, EstablishmentRow, EstablishmentState, LegalUnitRow, UnitState,
};
use crate::formats::table::Table;
use crate::formats::{FileError, Outcome};

const UNITS: &str = "\
denominationUniteLegale,siren,statutDiffusionUniteLegale,dateCreationUniteLegale,etatAdministratifUniteLegale,nomUniteLegale,prenomUsuelUniteLegale,categorieJuridiqueUniteLegale,activitePrincipaleUniteLegale,nomenclatureActivitePrincipaleUniteLegale,nicSiegeUniteLegale,trancheEffectifsUniteLegale,anneeEffectifsUniteLegale,sigleUniteLegale,colonneNouvelle
EXEMPLE MÉCANIQUE,000081018,O,1994-03-01,A,,,5710,25.62B,NAFRev2,00012,21,2023,EXM,x
,000081026,P,0008-01-01,A,DUPONT,Camille,1000,17.2A,NAF1993,00015,NN,,,
EXEMPLE NÉGOCE,000081034,N,2099-01-01,C,,,5499,46.34Z,NAFRev2,00019,,,SIG,
FAUTE,000081035,O,2001-01-01,A,,,5499,46.34Z,NAFRev2,00019,,,,
,000081042,O,2001-01-01,A,[ND],Dominique,1000,01.63Z,NAFRev2,00012,99,,[ND],
";

const PLACES: &str = "\
siret,statutDiffusionEtablissement,etablissementSiege,numeroVoieEtablissement,indiceRepetitionEtablissement,typeVoieEtablissement,libelleVoieEtablissement,complementAdresseEtablissement,codePostalEtablissement,libelleCommuneEtablissement,codeCommuneEtablissement,coordonneeLambertAbscisseEtablissement,coordonneeLambertOrdonneeEtablissement,etatAdministratifEtablissement,enseigne1Etablissement
00008101800012,O,true,1,B,RUE,DU TEST,ZA NORD,81000,ALBI,81004,632000.5,6315000,A,AU TEST
00008101800020,O,false,1,,RUE,DU TEST,,75001,PARIS,75101,,,A,
00008102600015,P,true,3,,RUE,SECRETE,,81100,CASTRES,81065,[ND],[ND],F,CHEZ MOI
00008103400018,O,true,3,,RUE,AUTRE,,81600,GAILLAC,81099,,,A,
";

fn as_of() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 15).unwrap()
}

fn table(text: &str) -> Table {
    Table::open(open(Cursor::new(text.as_bytes().to_vec()), Limits::default()).unwrap()).unwrap()
}

fn units(text: &str) -> Vec<Outcome<LegalUnitRow>> {
    let reader = LegalUnitReader::new(table(text), as_of(), |_| true).unwrap();
    reader.collect::<Result<_, FileError>>().unwrap()
}

fn row<T: Clone>(outcome: &Outcome<T>) -> (T, Vec<Cause>) {
    match outcome {
        Outcome::Row {
            value, warnings, ..
        } => (value.clone(), warnings.iter().map(|w| w.cause).collect()),
        Outcome::Rejected(rejection) => panic!("{rejection:?}"),
    }
}

#[test]
fn a_legal_unit_is_read_by_the_names_of_its_columns() {
    let (unit, warnings) = row(&units(UNITS)[0]);
    assert!(warnings.is_empty());
    assert_eq!(unit.siren.as_str(), "000081018");
    assert_eq!(unit.name.as_deref(), Some("EXEMPLE MÉCANIQUE"));
    assert_eq!(
        (unit.is_person, unit.state),
        (Some(false), Some(UnitState::Active))
    );
    assert_eq!(unit.head_office.unwrap().as_str(), "00008101800012");
    let band = unit.headcount.unwrap();
    assert_eq!((band.code.as_str(), band.year), ("21", Some(2023)));
    assert_eq!(unit.acronym.as_deref(), Some("EXM"));
}

#[test]
fn partial_diffusion_masks_at_reading() {
    let all = units(UNITS);
    let (person, warnings) = row(&all[1]);
    assert_eq!(person.diffusion, Some(Diffusion::Partial));
    assert_eq!((person.is_person, person.name), (Some(true), None));
    assert_eq!(
        warnings,
        [Cause::DateImplausible],
        "year 8 is unknown, the row stands"
    );
    assert_eq!(person.created_on, None);
    let activity = person.activity.unwrap();
    assert_eq!(
        (&activity.code[..], activity.nomenclature.as_deref()),
        ("17.2A", Some("NAF1993"))
    );
    assert_eq!(person.headcount.unwrap().code, "NN");
    let (company, warnings) = row(&all[2]);
    assert_eq!(company.diffusion, Some(Diffusion::Partial), "N became P");
    assert_eq!(company.name.as_deref(), Some("EXEMPLE NÉGOCE"));
    assert_eq!((company.acronym, company.headcount), (None, None));
    assert_eq!(warnings, [Cause::DateImplausible], "2099 is in the future");
}

#[test]
fn a_wrong_siren_rejects_its_line_only() {
    let all = units(UNITS);
    let Outcome::Rejected(rejection) = &all[3] else {
        panic!("{:?}", all[3])
    };
    assert_eq!(
        (rejection.line, rejection.cause),
        (5, Cause::IdentifierChecksum)
    );
    assert_eq!(
        (&rejection.column[..], &rejection.value[..]),
        ("siren", "000081035")
    );
    assert_eq!(all.len(), 5);
}

#[test]
fn masked_values_are_unknown() {
    let (unit, warnings) = row(&units(UNITS)[4]);
    assert_eq!((unit.name, unit.acronym), (None, None));
    assert_eq!((unit.headcount, warnings), (None, vec![Cause::UnknownCode]));
}

#[test]
fn columns_are_recognised_or_ignored() {
    let reader = LegalUnitReader::new(table(UNITS), as_of(), |_| true).unwrap();
    assert_eq!(reader.table().header().ignored(), ["colonneNouvelle"]);
    assert_eq!(reader.table().header().recognised().len(), 14);
}

#[test]
fn establishments_are_filtered_before_they_are_read() {
    let mut reader = EstablishmentReader::new(table(PLACES), as_of(), |seen| {
        seen.commune.starts_with(b"81")
    })
    .unwrap();
    let all: Vec<Outcome<EstablishmentRow>> =
        reader.by_ref().collect::<Result<_, FileError>>().unwrap();
    assert_eq!(
        reader.seen(),
        Seen {
            lines: 4,
            filtered: 1
        }
    );
    let (place, warnings) = row(&all[0]);
    assert!(warnings.is_empty());
    assert_eq!(place.address.as_deref(), Some("ZA NORD, 1 B RUE DU TEST"));
    assert_eq!(
        (place.lambert_x, place.lambert_y),
        (Some(632_000.5), Some(6_315_000.0))
    );
    assert_eq!(
        (place.siret.nic(), place.is_head_office),
        ("00012", Some(true))
    );
    let (masked, _) = row(&all[1]);
    assert_eq!(masked.state, Some(EstablishmentState::Closed));
    assert_eq!(
        (masked.address, masked.postcode, masked.shop_sign),
        (None, None, None)
    );
    assert_eq!(
        masked.commune.unwrap().as_str(),
        "81065",
        "the commune stays public"
    );
    assert!(matches!(&all[2], Outcome::Rejected(r) if r.cause == Cause::IdentifierChecksum));
}

#[test]
fn a_damaged_accent_rejects_its_line() {
    let text = UNITS.replace("FAUTE", "ÉTÉ ÉTÉ");
    let at = text.find("ÉGOCE").unwrap();
    let mut bytes = text.into_bytes();
    bytes[at] = 0xFF;
    let opened = open(Cursor::new(bytes), Limits::default()).unwrap();
    let reader = LegalUnitReader::new(Table::open(opened).unwrap(), as_of(), |_| true).unwrap();
    let all: Vec<_> = reader.collect::<Result<_, _>>().unwrap();
    assert!(matches!(&all[2], Outcome::Rejected(r) if r.cause == Cause::Unreadable));
    assert!(matches!(&all[0], Outcome::Row { .. }));
}
