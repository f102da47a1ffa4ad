use std::io::Cursor;

use super::*;
use crate::domain::insolvency::{Category, Procedure, State, state_at};
use crate::formats::input::{Limits, open};
use crate::formats::kind::{FileKind, Recognised, recognise};
use crate::formats::rejection::Cause;
use crate::formats::{Outcome, Rejection, Seen};

fn reader(text: &str, keep: fn(Siren) -> bool) -> NoticeReader {
    let opened = open(Cursor::new(text.as_bytes().to_vec()), Limits::default()).unwrap();
    let as_of = NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
    match recognise(opened).unwrap() {
        Recognised::Table(FileKind::Notices, table) => {
            NoticeReader::of_table(table, as_of, keep).unwrap()
        }
        Recognised::Json(FileKind::Notices, text) => NoticeReader::of_json(text, as_of, keep),
        other => panic!("{:?}", other.kind()),
    }
}

fn read(text: &str) -> Vec<Outcome<NoticeRow>> {
    reader(text, |_| true).collect::<Result<_, _>>().unwrap()
}

fn one(text: &str) -> (NoticeRow, Vec<Rejection>) {
    match read(text).remove(0) {
        Outcome::Row {
            value, warnings, ..
        } => (value, warnings),
        Outcome::Rejected(rejection) => panic!("{rejection:?}"),
    }
}

fn rejected(text: &str) -> Rejection {
    match read(text).remove(0) {
        Outcome::Rejected(rejection) => rejection,
        Outcome::Row { value, .. } => panic!("{value:?}"),
    }
}

const COMPANY: &str = r#"{\"personne\": {\"typePersonne\": \"pm\", \"numeroImmatriculation\": {\"numeroIdentification\": \"000 081 018\"}}}"#;
const PERSON: &str = r#"{\"personne\": [{\"typePersonne\": \"pp\", \"nom\": \"MARTIN\", \"prenom\": \"Claire\", \"dateNaissance\": \"1980-01-01\", \"numeroImmatriculation\": {\"numeroIdentification\": \"000 081 018\"}}]}"#;

/// A notice whose fields are changed or added: the last of two equal keys wins in JSON.
fn notice(changes: &str) -> String {
    format!(
        r#"{{"id":"A202500311101","publicationavis":"A","parution":"20250031","dateparution":"2025-02-14",
        "numeroannonce":1101,"typeavis":"annonce","familleavis":"collective","numerodepartement":"81",
        "tribunal":"GREFFE D'ALBI","commercant":"EXEMPLE MÉCANIQUE","ville":"Albi","cp":"81000",
        "registre":["000081018","000 081 018"],"listepersonnes":"{COMPANY}",
        "jugement":null,"radiationaurcs":null,"depot":null,"parutionavisprecedent":null{changes}}}"#
    )
}

fn judged(nature: &str, date: &str, complement: &str) -> String {
    format!(
        r#","jugement":"{{\"type\": \"initial\", \"famille\": \"Jugement\", \"nature\": \"{nature}\", \"date\": \"{date}\", \"complementJugement\": \"{complement}\"}}""#
    )
}

const OPENING: &str = "Jugement d'ouverture d'une procédure de redressement judiciaire";

#[test]
fn a_notice_of_a_company_is_read_whole() {
    let (row, warnings) = one(&notice(&judged(
        OPENING,
        "2025-02-04",
        "Cessation le 15 janvier",
    )));
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!(
        (row.id.as_str(), row.siren.as_str()),
        ("A202500311101", "000081018")
    );
    assert!(row.other_sirens.is_empty());
    assert_eq!(row.trader.as_deref(), Some("EXEMPLE MÉCANIQUE"));
    assert_eq!(
        (row.family, row.kind),
        (Family::Collective, NoticeKind::Original)
    );
    assert_eq!(row.is_person, Some(false));
    let judgment = row.judgment.clone().unwrap();
    assert_eq!(judgment.reading.category, Category::Opening);
    assert_eq!(judgment.reading.procedure, Procedure::Receivership);
    assert_eq!(
        judgment.complement.as_deref(),
        Some("Cessation le 15 janvier")
    );
    let on = NaiveDate::from_ymd_opt(2025, 3, 1).unwrap();
    let state = state_at(&[row.notice()], on);
    assert_eq!(
        (state.state, state.by.as_deref()),
        (State::Receivership, Some("A202500311101"))
    );
}

#[test]
fn lack_of_assets_ends_a_company_and_never_a_person() {
    let closed = judged(
        "Jugement de clôture pour insuffisance d'actif",
        "2025-02-04",
        "",
    );
    let on = "2026-01-01".parse().unwrap();
    let state = |persons: &str| {
        let changes = format!(r#"{closed},"listepersonnes":{persons}"#);
        let (row, _) = one(&notice(&changes));
        state_at(&[row.notice()], on).state
    };
    assert_eq!(state(&format!("\"{COMPANY}\"")), State::Dissolved);
    assert_eq!(state(&format!("\"{PERSON}\"")), State::Closed);
    assert_eq!(state("null"), State::Closed);
}

#[test]
fn of_a_natural_person_only_the_number_and_the_type_are_kept() {
    let complement = judged(
        OPENING,
        "2025-02-04",
        "Claire MARTIN, née le 1er janvier 1980",
    );
    let changes = format!(r#","listepersonnes":"{PERSON}"{complement}"#);
    let (row, _) = one(&notice(&changes));
    assert_eq!(row.is_person, Some(true));
    let shown = format!("{row:?}");
    for private in [
        "MARTIN",
        "Claire",
        "1980",
        "81000",
        "Some(\"Albi\")",
        "EXEMPLE",
    ] {
        assert!(!shown.contains(private), "{private} in {shown}");
    }
    assert_eq!(row.judgment.unwrap().reading.category, Category::Opening);
    let unlisted = judged("Jugement concernant Claire MARTIN", "2025-02-04", "");
    let told = one(&notice(&format!(
        r#","listepersonnes":"{PERSON}"{unlisted}"#
    )));
    assert!(!format!("{told:?}").contains("MARTIN"), "{told:?}");
    let (row, _) = one(&notice(r#","listepersonnes":null"#));
    assert_eq!(
        (row.is_person, row.trader),
        (None, None),
        "unknown is not shown"
    );
}

#[test]
fn sanctions_against_persons_are_set_aside_and_show_nothing() {
    for changes in [
        judged(
            "Jugement de faillite personnelle",
            "2025-02-04",
            "Claire MARTIN",
        ),
        judged(
            "Autre jugement prononçant",
            "2025-02-04",
            "Interdiction de gérer : Claire MARTIN",
        ),
    ] {
        let rejection = rejected(&notice(&changes));
        assert_eq!(
            (rejection.cause, rejection.value.as_str()),
            (Cause::PersonalSanction, "")
        );
    }
    let complement = "Clôture ; interdiction de gérer prononcée contre Claire MARTIN";
    let closing = judged(
        "Jugement de clôture pour insuffisance d'actif",
        "2025-02-04",
        complement,
    );
    assert_eq!(one(&notice(&closing)).0.judgment.unwrap().complement, None);
}

#[test]
fn the_number_comes_from_the_register_in_any_order_or_else_from_the_persons() {
    for registry in [
        r#"["000 081 018","000081018"]"#,
        r#""000081018,000 081 018""#,
        r#""RCS non inscrit, 000 081 018""#,
        r#""[\"000081018\"]""#,
        "null",
        r#""non inscrit""#,
    ] {
        let (row, _) = one(&notice(&format!(r#","registre":{registry}"#)));
        assert_eq!(row.siren.as_str(), "000081018", "{registry}");
    }
    let (row, _) = one(&notice(r#","registre":["000081026","000081018"]"#));
    assert_eq!(row.siren.as_str(), "000081026");
    assert_eq!(row.other_sirens.len(), 1);
}

#[test]
fn a_notice_without_a_number_is_rejected_and_says_so() {
    let none = notice(r#","registre":null,"listepersonnes":null"#);
    let rejection = rejected(&none);
    assert_eq!(
        (rejection.column.as_str(), rejection.cause),
        ("registre", Cause::Missing)
    );
    let wrong = notice(r#","registre":["000081019"],"listepersonnes":null"#);
    assert_eq!(rejected(&wrong).cause, Cause::IdentifierChecksum);
}

#[test]
fn dates_are_read_in_every_writing_and_absurd_ones_are_unknown() {
    let decided = |date| {
        let (row, warnings) = one(&notice(&judged(OPENING, date, "")));
        let causes: Vec<_> = warnings.iter().map(|w| w.cause).collect();
        (
            row.judgment.unwrap().decided_on.map(|d| d.to_string()),
            causes,
        )
    };
    for date in [
        "2025-02-01",
        "01/02/2025",
        "1er février 2025",
        "1er\u{a0}février\u{a0}2025",
    ] {
        assert_eq!(decided(date), (Some("2025-02-01".into()), vec![]), "{date}");
    }
    for (date, cause) in [
        ("1er fÃ©vrier 2025", Cause::DateFormat),
        ("0017-02-01", Cause::DateImplausible),
        ("1198-02-01", Cause::DateImplausible),
        ("2052-02-01", Cause::DateImplausible),
    ] {
        assert_eq!(decided(date), (None, vec![cause]), "{date}");
    }
    let undated = rejected(&notice(r#","dateparution":null"#));
    assert_eq!(
        (undated.column.as_str(), undated.cause),
        ("dateparution", Cause::Missing)
    );
}

#[test]
fn corrections_and_cancellations_name_the_notice_that_they_change() {
    let reference = |issue, edition| {
        let changes = format!(
            r#","typeavis":"annulation","parutionavisprecedent":"{{\"nomPublication\": \"{edition}\", \"numeroParution\": \"{issue}\", \"dateParution\": \"2025-06-10\", \"numeroAnnonce\": 1102}}""#
        );
        let (row, _) = one(&notice(&changes));
        assert_eq!(row.kind, NoticeKind::Cancellation);
        row.previous
    };
    assert_eq!(
        reference("20250110", "BODACC B").as_deref(),
        Some("B202501101102")
    );
    assert_eq!(reference("110", "").as_deref(), Some("A202501101102"));
}

#[test]
fn a_correction_published_as_a_plain_notice_still_corrects() {
    let changes = r#","jugement":"{\"type\": \"rectificatif\", \"nature\": \"Jugement arrêtant un plan de cession\"}","parutionavisprecedent":{"numeroParution":"20250110","numeroAnnonce":"1102"}"#;
    let (row, _) = one(&notice(changes));
    assert_eq!(row.kind, NoticeKind::Original);
    let notice = row.notice();
    assert_eq!(notice.kind, NoticeKind::Correction);
    assert_eq!(notice.targets.as_deref(), Some("A202501101102"));
}

#[test]
fn a_cancellation_before_its_notice_in_the_file_leaves_nothing() {
    let opening = notice(&judged(OPENING, "2025-02-04", ""));
    let cancelling = opening
        .replace("\"typeavis\":\"annonce\"", "\"typeavis\":\"annulation\"")
        .replace("A202500311101", "A202500991")
        .replace("2025-02-14", "2025-03-14")
        .replace(
            "\"parutionavisprecedent\":null",
            r#""parutionavisprecedent":{"numeroParution":"20250031","numeroAnnonce":1101}"#,
        );
    let rows = read(&format!(
        "{{\"total_count\":2,\"results\":[{cancelling},{opening}]}}"
    ));
    let notices: Vec<Notice> = rows
        .iter()
        .map(|outcome| match outcome {
            Outcome::Row { value, .. } => value.notice(),
            Outcome::Rejected(rejection) => panic!("{rejection:?}"),
        })
        .collect();
    let on = NaiveDate::from_ymd_opt(2025, 12, 31).unwrap();
    assert_eq!(state_at(&notices, on).state, State::None);
    assert_eq!(state_at(&notices[1..], on).state, State::Receivership);
}

#[test]
fn an_unknown_nature_is_kept_with_a_warning_and_has_no_effect() {
    let (row, warnings) = one(&notice(&judged("Jugement nouveau", "2025-02-04", "")));
    assert_eq!(row.judgment.unwrap().reading.category, Category::Unknown);
    assert_eq!(
        (warnings[0].cause, warnings[0].value.as_str()),
        (Cause::UnknownCode, "Jugement nouveau")
    );
}

#[test]
fn deposits_and_radiations_are_read() {
    let deposit = r#","familleavis":"dpc","depot":"{\"dateCloture\": \"31 décembre 2023\", \"typeDepot\": \"Comptes annuels\", \"descriptif\": \"déclaration de confidentialité\"}""#;
    let deposit = one(&notice(deposit)).0.deposit.unwrap();
    assert_eq!(deposit.closed_on, NaiveDate::from_ymd_opt(2023, 12, 31));
    assert!(deposit.confidential);
    let radiated = |comment: &str| {
        let changes = format!(
            r#","familleavis":"radiation","radiationaurcs":"{{\"radiationPM\": \"O\", \"commentaire\": \"{comment}\"}}""#
        );
        one(&notice(&changes)).0.notice().announced
    };
    assert_eq!(radiated("Radiation d'office"), Announced::Radiation);
    assert_eq!(
        radiated("Transfert du siège hors ressort"),
        Announced::Other
    );
    let dated = r#","familleavis":"radiation","radiationaurcs":{"radiationPP":{"dateCessationActivite":"2025-01-31"}}"#;
    assert_eq!(
        one(&notice(dated)).0.radiation.unwrap().on,
        NaiveDate::from_ymd_opt(2025, 1, 31)
    );
}

#[test]
fn tables_and_lines_of_json_give_the_same_rows() {
    let json = notice(&judged(OPENING, "4 février 2025", ""));
    let expected = one(&json).0;
    assert_eq!(one(&format!("{json}\n{json}\n")).0, expected);
    assert_eq!(one(&format!("[{json}]")).0, expected);
    let persons = COMPANY.replace("\\\"", "\"\"");
    let judgment = format!(
        r#"{{""type"": ""initial"", ""famille"": ""Jugement"", ""nature"": ""{OPENING}"", ""date"": ""4 février 2025"", ""complementJugement"": """"}}"#
    );
    let table = format!(
        "\u{feff}jugement;id;dateparution;typeavis;familleavis;numerodepartement;tribunal;commercant;ville;cp;registre;listepersonnes\n\
         \"{judgment}\";A202500311101;2025-02-14;annonce;collective;81;GREFFE D'ALBI;EXEMPLE MÉCANIQUE;Albi;81000;000081018,000 081 018;\"{persons}\"\n"
    );
    assert_eq!(one(&table).0, expected);
}

#[test]
fn a_part_that_is_no_object_is_set_aside_without_being_shown() {
    let (row, warnings) = one(&notice(r#","jugement":"Claire MARTIN""#));
    assert_eq!(row.judgment, None);
    assert_eq!(
        (warnings[0].cause, warnings[0].value.as_str()),
        (Cause::Structure, "")
    );
}

#[test]
fn notices_of_other_companies_are_counted_and_left_out() {
    let other = notice(r#","registre":["000081026"],"listepersonnes":null"#);
    let text = format!("[{},{other}]", notice(""));
    let mut reader = reader(&text, |siren| siren.as_str() == "000081026");
    assert!(matches!(
        reader.next(),
        Some(Ok(Outcome::Row { line: 2, .. }))
    ));
    assert!(reader.next().is_none());
    assert_eq!(
        reader.seen(),
        Seen {
            lines: 2,
            filtered: 1
        }
    );
}

#[test]
fn a_text_longer_than_any_name_rejects_the_notice_and_a_long_complement_does_not() {
    let long = "x".repeat(600);
    for (changes, column) in [
        (format!(r#","id":"{long}""#), "id"),
        (format!(r#","tribunal":"{long}""#), "tribunal"),
        (judged(&long, "2025-02-03", ""), "jugement"),
    ] {
        let rejection = rejected(&notice(&changes));
        assert_eq!(
            (rejection.cause, rejection.column.as_str()),
            (Cause::TooLong, column)
        );
        assert!(rejection.expected.contains("600 trouvés"), "{rejection:?}");
    }
    // What is told of a person is not shown.
    let person = format!(
        r#","listepersonnes":"{PERSON}"{}"#,
        judged(&long, "2025-02-03", "")
    );
    assert_eq!(rejected(&notice(&person)).value, "");
    let opening = "Jugement d’ouverture de liquidation judiciaire";
    let (row, _) = one(&notice(&judged(opening, "2025-02-03", &long)));
    assert_eq!(row.judgment.unwrap().complement, Some(long));
}
