use super::*;
use crate::scoring::model::samples::small;

fn near(found: f64, wanted: f64) {
    assert!((found - wanted).abs() < 1e-9, "{found} is not {wanted}");
}

#[test]
fn our_history_is_read_with_its_changes() {
    let text = "siren,period,label,months_to_event,sector,size,eq_ta,cl_days,extra\n\
        321654987,2021,0,18,bois,TPE,0.30,,x\n\
        321654987,2022-12-31,1,6,bois,TPE,0.10,95,x\n\
        732829320,2022,0,,textile,PME,0.5,40,x\n";
    let panel = history::read(text.as_bytes(), &candidates(&small()), true).unwrap();
    assert_eq!(panel.firms, [0, 0, 1]);
    assert_eq!(panel.periods, [2021, 2022, 2022]);
    assert_eq!(panel.months_to_event, [Some(18), Some(6), None]);
    assert!(panel.column("cl_days").unwrap()[0].is_nan());
    near(panel.column("d_eq_ta").unwrap()[1], -0.2);
    assert_eq!((panel.sectors.of(2), panel.sizes.of(0)), ("textile", "TPE"));
}

#[test]
fn faults_of_a_file_are_told_in_french_with_their_place() {
    let header = "siren,period,label,months_to_event,sector,size,eq_ta,cl_days\n";
    for (text, words) in [
        (
            "siren,period,label,months_to_event,sector,size,eq_ta\n".to_owned(),
            "colonne «\u{a0}cl_days\u{a0}» absente",
        ),
        (
            format!("{header}1,2021,2,,a,b,1,1\n"),
            "ligne 2, colonne «\u{a0}label\u{a0}»\u{a0}: «\u{a0}2\u{a0}» n’est pas 0 ou 1",
        ),
        (
            format!("{header}1,2021,0,,a,b,x,1\n"),
            "n’est pas un nombre",
        ),
        (
            format!("{header}1,hier,0,,a,b,1,1\n"),
            "colonne «\u{a0}period\u{a0}»",
        ),
        (
            format!("{header}1,2021,0,,a,b,1,1\n1,2021-06-30,0,,a,b,1,1\n"),
            "ligne 3\u{a0}: l’entreprise 1 a déjà une ligne pour 2021",
        ),
        (header.to_owned(), "aucune ligne"),
        (format!("{header}1,2021\n"), "illisible"),
    ] {
        let error = history::read(text.as_bytes(), &candidates(&small()), false).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
}

/// The label is the next year's failure, never `failed`, which is the same for all years of a firm.
#[test]
fn american_rows_are_labelled_by_year() {
    let amounts = |assets: u32, sales: u32| {
        format!("50,1,2,10,5,3,20,9,{sales},{assets},30,8,1,25,12,{sales},60,1")
    };
    let header: Vec<String> = (1..=18).map(|k| format!("X{k}")).collect();
    let text = format!(
        "company_name,year,failed,{},bankrupt_next_year\nC_1,2010,1,{},0\nC_1,2011,1,{},1\nC_2,2011,0,{},0\n",
        header.join(","),
        amounts(100, 200),
        amounts(100, 100),
        amounts(0, 0),
    );
    let panel = american::read(text.as_bytes(), true).unwrap();
    assert_eq!(panel.labels, [false, true, false]);
    assert_eq!(panel.months_to_event, [Some(12), Some(0), None]);
    near(panel.column("eq_ta").unwrap()[0], 0.4);
    near(panel.column("cash_cl").unwrap()[0], 1.0);
    near(panel.column("cl_days").unwrap()[1], 365.0 * 25.0 / 100.0);
    near(panel.column("g_sales").unwrap()[1], -std::f64::consts::LN_2);
    assert!(
        panel.column("g_sales").unwrap()[0].is_nan(),
        "no year before"
    );
    assert!(
        panel.column("eq_ta").unwrap()[2].is_nan(),
        "no assets to divide by"
    );
    near(panel.column("d_cl_days").unwrap()[1], 365.0 * 25.0 / 200.0);
}

#[test]
fn polish_quotients_keep_their_meaning() {
    let header: Vec<String> = (1..=64).map(|k| format!("Attr{k}")).collect();
    let mut values: Vec<String> = (1..=64).map(|k| format!("0.{k:02}")).collect();
    values[14] = "-40".to_owned();
    values[20] = String::new();
    let text = format!(
        "year_file,{},class\n5,{},1\n",
        header.join(","),
        values.join(",")
    );
    let panel = polish::read(text.as_bytes()).unwrap();
    let value = |id: &str| panel.column(id).unwrap()[0];
    near(value("eq_ta"), 0.10);
    near(value("cash_cl"), 0.40);
    near(value("attr15"), f64::MAX);
    assert!(value("g_sales").is_nan());
    near(value("no_previous_sales"), 1.0);
    near(value("no_stock"), 0.0);
    near(value("charges_ta"), 0.11 - 0.18);
    let hidden = panel.clone().masked(1.0, 1);
    assert!(hidden.columns.iter().all(|column| column[0].is_nan()));
}

#[test]
fn slovak_ratios_are_put_in_our_units() {
    let columns = [
        "ROA", "ROE", "ROS", "L1", "L2", "L3", "DOA", "DOKP", "DOKZ", "DOZ", "CZ", "ZVI", "FP",
        "NI", "KCZ", "FKCZ", "KSA", "V18", "ZVB", "MT", "MPH",
    ];
    let mut header = vec!["firm_id".to_owned(), "sector".to_owned()];
    header.extend(["eval_year", "bankrupt"].map(str::to_owned));
    for year in [3, 2, 1] {
        header.extend(columns.map(|column| format!("{column}_y-{year}")));
    }
    // The first evaluation is sound, the second bankrupt; losses in the last two years only.
    let year =
        |roa: &str, pay: &str| format!("{roa},0,0,.1,.2,.3,0,1,1,1,.5,0,4,0,0,8,1,,0,1,{pay}");
    let years = [year("2", "50"), year("-1", "50"), year("-5", "-50")].join(",");
    let text = format!(
        "{}\n7,retail,2013,0,{years}\n7,retail,2014,1,{years}\n",
        header.join(",")
    );
    let panel = slovak::read(text.as_bytes(), true).unwrap();
    let value = |id: &str| panel.column(id).unwrap()[0];
    near(value("eq_ta"), 0.25);
    near(value("ni_ta"), -0.05);
    near(value("p_ni_ta"), -0.01);
    near(value("d_ni_ta"), -0.04);
    near(value("cf_tl"), 0.08);
    near(value("pay_va"), f64::MAX);
    near(value("no_headcount"), 1.0);
    near(value("d_losses"), 2.0);
    assert_eq!(panel.months_to_event, [Some(12), Some(0)]);
    assert!(
        slovak::read(text.as_bytes(), false)
            .unwrap()
            .column("p_ni_ta")
            .is_none()
    );
}
