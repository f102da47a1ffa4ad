use std::io::Cursor;

use super::*;
use crate::formats::input::{Limits, open};
use crate::formats::rejection::Cause;
use crate::formats::rows::EstablishmentState;

fn read(text: &str) -> Vec<Outcome<Company>> {
    let opened = open(Cursor::new(text.as_bytes().to_vec()), Limits::default()).unwrap();
    let as_of = NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
    let reader = SimpleReader::new(Table::open(opened).unwrap(), as_of).unwrap();
    reader.collect::<Result<_, _>>().unwrap()
}

#[test]
fn a_line_gives_a_unit_an_establishment_and_a_headcount() {
    let all = read(
        "Siret;Nom;Ville;Code postal;NAF;Effectif;Année effectif;Date création;État\n\
         8101800012;EXEMPLE;Albi;1000;2562b;1 204;2024;01/03/1994;fermé\n",
    );
    let Outcome::Row {
        value,
        warnings,
        line: 2,
    } = &all[0]
    else {
        panic!("{all:?}")
    };
    assert!(warnings.is_empty(), "{warnings:?}");
    let place = &value.establishments[0];
    assert_eq!(place.siret.as_str(), "00008101800012");
    assert_eq!(place.postcode.as_deref(), Some("01000"));
    assert_eq!(place.state, Some(EstablishmentState::Closed));
    assert_eq!(
        value.unit.state, None,
        "the unit may have other establishments"
    );
    assert_eq!(value.unit.activity.as_ref().unwrap().code, "25.62B");
    assert_eq!(value.unit.created_on, NaiveDate::from_ymd_opt(1994, 3, 1));
    assert_eq!(value.headcount.unwrap().headcount, 1204);
}

#[test]
fn a_siren_alone_is_enough_and_must_agree_with_the_siret() {
    let all = read("siren;siret;nom\n000081018;;A\n000081026;00008101800012;B\n;;C\n000081018;;\n");
    assert!(matches!(&all[0], Outcome::Row { value, .. } if value.establishments.is_empty()));
    let causes: Vec<_> = all[1..]
        .iter()
        .map(|o| match o {
            Outcome::Rejected(r) => (r.line, r.column.as_str(), r.cause),
            Outcome::Row { .. } => panic!("{o:?}"),
        })
        .collect();
    assert_eq!(
        causes,
        [
            (3, "siren", Cause::Mismatch),
            (4, "siren", Cause::Missing),
            (5, "nom", Cause::Missing)
        ]
    );
}

#[test]
fn doubtful_values_are_set_aside_and_the_line_stands() {
    let all = read(
        "siret;nom;effectif;annee_effectif;date_creation;code_commune;etat\n\
         00008101800012;A;douze;2024;01/01/0008;8100;peut-être\n\
         00008101800012;A;12;;;;\n",
    );
    let causes = |o: &Outcome<Company>| match o {
        Outcome::Row { warnings, .. } => warnings.iter().map(|w| w.cause).collect::<Vec<_>>(),
        Outcome::Rejected(r) => panic!("{r:?}"),
    };
    assert_eq!(
        causes(&all[0]),
        [
            Cause::DateImplausible,
            Cause::UnknownCode,
            Cause::NumberFormat
        ]
    );
    assert_eq!(
        causes(&all[1]),
        [Cause::Missing],
        "a headcount without its year is not kept"
    );
}
