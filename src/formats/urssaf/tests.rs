use std::io::Cursor;

use proptest::prelude::*;

use super::*;
use crate::formats::Outcome;
use crate::formats::file_error::FileError;
use crate::formats::input::{Limits, open};
use crate::formats::table::Table;

const DEBTS: &str =
    "Urssaf_gestion;Dep;num_cpte;Siren;Siret;Periode;Num_Ecn;Num_Hist_Ecn;Dt_trt_ecn;Mt_PO;Mt_PP\n";

fn table(text: &str) -> Table {
    Table::open(open(Cursor::new(text.as_bytes().to_vec()), Limits::default()).unwrap()).unwrap()
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 15).unwrap()
}

fn shown<T>(
    reader: impl Iterator<Item = Result<Outcome<T>, FileError>>,
    show: impl Fn(&T) -> String,
) -> Vec<String> {
    let line = |outcome: Outcome<T>| match outcome {
        Outcome::Row {
            line,
            value,
            warnings,
        } => format!("{line} {} {}", show(&value), warnings.len()),
        Outcome::Rejected(r) => format!("{} {} {:?}", r.line, r.column, r.cause),
    };
    reader.map(|outcome| line(outcome.unwrap())).collect()
}

fn debts(text: &str) -> Vec<String> {
    let reader = DebtReader::of_table(table(text), today(), |_| true).unwrap();
    shown(reader, |row: &DebtRow| {
        format!(
            "{} {} {}/{} {} {:?} {} {}+{}",
            row.siret,
            row.account,
            row.gap,
            row.event,
            row.period.start,
            row.period.span,
            row.processed_on,
            row.employees,
            row.employer
        )
    })
}

#[test]
fn debts_are_in_hundredths_and_their_days_count_from_1900() {
    let text = format!(
        "{DEBTS}730;81;8101;000081018;00008101800012;202431;101;2;1241018;-412500;1180000\n\
         730;81;8101;000081018;8101800012;202462;101;1;991231;0;5\n"
    );
    assert_eq!(
        debts(&text),
        [
            "2 00008101800012 8101 101/2 2024-07-01 Month 2024-10-18 -412500+1180000 0",
            "3 00008101800012 8101 101/1 2024-01-01 Year 1999-12-31 0+5 0"
        ]
    );
}

#[test]
fn a_faulty_debt_is_rejected_with_its_reason() {
    let text = format!(
        "{DEBTS}730;81;1;;00008101800013;202431;1;1;1241018;1;1\n\
         730;81;1;;00008101800012;202471;1;1;1241018;1;1\n\
         730;81;1;;00008101800012;202431;;1;1241018;1;1\n\
         730;81;1;;00008101800012;202431;1;1;18/10/2024;1;1\n\
         730;81;1;;00008101800012;202431;1;1;1270101;1;1\n\
         730;81;1;;00008101800012;202431;1;1;1241018;12,50;1\n"
    );
    assert_eq!(
        debts(&text),
        [
            "2 Siret IdentifierChecksum",
            "3 Periode NumberFormat",
            "4 Num_Ecn Missing",
            "5 Dt_trt_ecn DateFormat",
            "6 Dt_trt_ecn DateImplausible",
            "7 Mt_PO NumberFormat"
        ]
    );
}

#[test]
fn contributions_are_in_euros_with_a_point_or_a_comma() {
    let text = "Dep;Siret;Compte;periode;mer;enc_direct;cotis_due\n\
                81;00008101800012;8101;202413;0;20000.00;50870,5\n\
                81;00008101800012;8101;202413;;beaucoup;1\n\
                81;00008101800012;8101;202413;;;\n";
    let reader = ContributionReader::of_table(table(text), today(), |_| true).unwrap();
    let rows = shown(reader, |row: &ContributionRow| {
        format!(
            "{} {} {:?} {:?}",
            row.period.start, row.due, row.paid, row.claimed
        )
    });
    assert_eq!(
        rows,
        [
            "2 2024-03-01 5087050 Some(2000000) Some(0) 0",
            "3 2024-03-01 100 None None 1",
            "4 cotis_due Missing"
        ]
    );
}

#[test]
fn a_payment_plan_may_end_in_the_future_and_cannot_begin_there() {
    let head = "Siret;Numero_compte_externe;Numero_structure;Date_creation;Date_echeance;Duree_delai;Montant_global_echeancier;Code_externe_stade;Code_externe_action\n";
    let text = format!(
        "{head}00008102600015;8102;73;05/09/2025;04/09/2026;364;33500.00;APPROB;SUR PO\n\
         00008102600015;8102;73;05/09/2026;04/09/2027;364;1;APPROB;\n\
         00008102600015;8102;73;05/09/2025;bientôt;364;1;APPROB;\n"
    );
    let reader = DelayReader::of_table(table(&text), today(), |_| true).unwrap();
    let rows = shown(reader, |row: &DelayRow| {
        format!(
            "{} {} {} {:?} {:?} {:?}",
            row.number, row.created_on, row.ends_on, row.days, row.amount, row.stage
        )
    });
    assert_eq!(
        rows,
        [
            "2 73 2025-09-05 2026-09-04 Some(364) Some(3350000) Some(\"APPROB\") 0",
            "3 Date_creation DateImplausible",
            "4 Date_echeance DateFormat"
        ]
    );
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn event(gap: u32, event: u32, on: &str, employees: i64, employer: i64) -> DebtRow {
    DebtRow {
        siret: Siret::parse("00008101800012").unwrap(),
        account: "8101".into(),
        gap,
        event,
        period: Period {
            start: day("2024-07-01"),
            span: Span::Month,
        },
        processed_on: day(on),
        employees,
        employer,
    }
}

fn owed(rows: &[DebtRow], from: &str, to: &str) -> Vec<String> {
    let debts = monthly_debt(rows, day(from), day(to));
    let line = |debt: &MonthlyDebt| {
        format!(
            "{} {}+{}",
            debt.month.format("%Y-%m"),
            debt.employees,
            debt.employer
        )
    };
    debts.values().flatten().map(line).collect()
}

#[test]
fn an_event_after_the_twentieth_counts_in_the_next_month() {
    let rows = [
        event(1, 1, "2024-10-20", 10, 0),
        event(2, 1, "2024-10-21", 0, 5),
    ];
    assert_eq!(
        owed(&rows, "2024-09-15", "2024-12-01"),
        ["2024-10 10+0", "2024-11 10+5", "2024-12 10+5"]
    );
}

#[test]
fn the_last_event_of_a_gap_known_at_the_end_of_the_month_counts() {
    let rows = [
        event(1, 3, "2025-01-22", 0, 0),
        event(1, 2, "2024-12-10", 4, 2),
        event(1, 1, "2024-10-18", 10, 5),
        event(2, 1, "2024-12-01", 1, 1),
    ];
    assert_eq!(
        owed(&rows, "2024-10-01", "2025-02-28"),
        [
            "2024-10 10+5",
            "2024-11 10+5",
            "2024-12 5+3",
            "2025-01 5+3",
            "2025-02 1+1"
        ]
    );
    let late = [
        event(1, 2, "2024-10-01", 4, 0),
        event(1, 1, "2024-11-01", 10, 0),
    ];
    assert_eq!(owed(&late, "2024-11-01", "2024-11-30"), ["2024-11 4+0"]);
}

#[test]
fn gaps_of_other_accounts_or_periods_add_up() {
    let one = event(1, 1, "2024-10-18", 10, 5);
    let account = DebtRow {
        account: "8102".into(),
        ..one.clone()
    };
    let mut period = one.clone();
    period.period.start = day("2024-08-01");
    assert_eq!(
        owed(&[one, account, period], "2024-10-01", "2024-10-31"),
        ["2024-10 30+15"]
    );
}

fn any_event() -> impl Strategy<Value = DebtRow> {
    (1_u32..4, 1_u32..4, 0_u32..200, 0_i64..1000).prop_map(|(gap, number, days, amount)| {
        let mut row = event(gap, number, "2024-01-01", amount, 1000 - amount);
        row.processed_on = row.processed_on + chrono::Days::new(u64::from(days));
        row
    })
}

proptest! {
    #[test]
    fn the_order_of_the_events_never_matters(
        (rows, shuffled) in prop::collection::vec(any_event(), 0..12)
            .prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
    ) {
        let (from, to) = (day("2024-01-01"), day("2024-09-30"));
        prop_assert_eq!(monthly_debt(&rows, from, to), monthly_debt(&shuffled, from, to));
    }

    #[test]
    fn a_month_does_not_depend_on_when_the_series_begins(
        rows in prop::collection::vec(any_event(), 0..12),
    ) {
        let to = day("2024-09-30");
        let whole = monthly_debt(&rows, day("2024-01-01"), to);
        let tail = monthly_debt(&rows, day("2024-06-01"), to);
        for (siret, debts) in tail {
            prop_assert!(whole[&siret].ends_with(&debts));
        }
    }
}
