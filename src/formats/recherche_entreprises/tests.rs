use std::io::Cursor;

use super::*;
use crate::formats::input::{Content, Limits, open};

const TWO: &str = r#"{"results":[
  {"siren":"000081018","nom_complet":"EXEMPLE (EXM)","nom_raison_sociale":"EXEMPLE","nature_juridique":"5710",
   "etat_administratif":"A","date_creation":"1994-03-01","categorie_entreprise":"PME","statut_diffusion":"O",
   "siege":{"siret":"00008101800012","adresse":"1 RUE DU TEST 81000 ALBI","code_postal":"81000","commune":"81004",
     "latitude":"43.92","longitude":2.14,"statut_diffusion_etablissement":"P","etat_administratif":"A","liste_enseignes":["A","B"]},
   "matching_etablissements":[{"siret":"00008101800012"},{"siret":"00008101800013"},{"siret":"00008102600015"}],
   "complements":{"est_ess":true},"finances":{"2023":{"ca":1}}},
  {"siren":"000081019"}], "page":1}"#;

fn read(text: &str) -> Vec<Outcome<Company>> {
    let opened = open(Cursor::new(text.as_bytes().to_vec()), Limits::default()).unwrap();
    let Content::Json(text) = opened.content else {
        panic!("not JSON")
    };
    let as_of = NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
    CompanyReader::new(text, as_of)
        .collect::<Result<_, _>>()
        .unwrap()
}

#[test]
fn a_company_comes_with_its_establishments() {
    let all = read(TWO);
    let Outcome::Row {
        value,
        warnings,
        line: 1,
    } = &all[0]
    else {
        panic!("{:?}", all[0])
    };
    assert_eq!(value.unit.name.as_deref(), Some("EXEMPLE"));
    assert_eq!(value.unit.head_office.unwrap().as_str(), "00008101800012");
    assert_eq!(value.unit.social_economy, Some(true));
    assert_eq!(
        value.establishments.len(),
        1,
        "the same twice, one faulty, one foreign"
    );
    let causes: Vec<Cause> = warnings.iter().map(|w| w.cause).collect();
    assert_eq!(causes, [Cause::IdentifierChecksum, Cause::Mismatch]);
    let place = &value.establishments[0];
    assert_eq!(
        (&place.address, place.latitude, place.longitude),
        (&None, None, None)
    );
    assert_eq!(
        place.shop_sign.as_deref(),
        Some("A, B"),
        "a company is no person"
    );
    assert!(matches!(&all[1], Outcome::Rejected(r) if r.line == 2 && r.column == "siren"));
}

#[test]
fn the_street_is_told_from_the_town() {
    let raw = RawPlace {
        adresse: "1 RUE DU 81000 81000 ALBI".into(),
        code_postal: "81000".into(),
        ..RawPlace::default()
    };
    assert_eq!(street(&raw).as_deref(), Some("1 RUE DU 81000"));
}

#[test]
fn an_object_of_another_shape_is_set_aside() {
    let all = read(r#"[{"siege": 3}, {"siren":"000081026"}]"#);
    assert!(matches!(&all[0], Outcome::Rejected(r) if r.cause == Cause::Structure));
    assert!(matches!(&all[1], Outcome::Row { .. }));
}
