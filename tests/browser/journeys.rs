//! What people come to do, from the first click to the proof on screen.

use super::browser::{Browser, Setting, is_available};
use super::program::Program;

/// A territory that the demonstration leaves with free places, and one whose five are taken.
const ROOM: &str = "Gaillac-Graulhet";
const FULL: &str = "Val 81";
const MOTIVE: &str = "Premier employeur de la vallée, sans repreneur connu.";

#[tokio::test]
async fn staff_fill_the_five_places_then_meet_the_sixth() {
    if !is_available() {
        return;
    }
    let program = Program::start().await;
    for setting in [
        Setting::default(),
        Setting {
            scripts: false,
            size: (375, 740),
            ..Setting::default()
        },
    ] {
        let browser = Browser::open(&program, setting).await;
        browser.sign_in(&program, "staff").await;
        let taken = fill_places(&browser).await;
        assert_eq!(taken, 5);
        refuse_the_sixth(&browser).await;
        free_one(&browser).await;
        browser.close().await;
    }
}

/// Chooses candidates until no place is free; gives the number of places held.
async fn fill_places(browser: &Browser) -> usize {
    open_territory(browser, ROOM).await;
    let territory = browser.path().await;
    loop {
        browser.visit(&territory).await;
        let held = browser.count(".places > li:not(.libre)").await;
        if held == 5 {
            return held;
        }
        browser.visit(&format!("{territory}/vivier")).await;
        browser.tap("a.choisir").await;
        browser.fill("motif", MOTIVE).await;
        browser.choose_second("referent").await;
        browser.click("Donner la place").await;
        browser.says(&format!("{} entreprise", held + 1)).await;
    }
}

/// The sixth is refused by a page that names the five and offers to replace one.
async fn refuse_the_sixth(browser: &Browser) {
    open_territory(browser, ROOM).await;
    let territory = browser.path().await;
    browser.visit(&format!("{territory}/vivier")).await;
    browser.tap("a.choisir").await;
    browser.says("Les cinq places sont prises").await;
    assert_eq!(browser.count("input[name=sortante]").await, 5);
    browser.tap("input[name=sortante]").await;
    browser.tap("input[name=issue]").await;
    browser
        .fill("motif_sortie", "Activité consolidée, place à donner.")
        .await;
    browser.fill("motif", MOTIVE).await;
    browser.choose_second("referent").await;
    browser.click("Remplacer").await;
    browser.says("5 entreprises clés sur 5").await;
    browser.says("Activité consolidée, place à donner.").await;
}

/// Frees the first place, so that the journey can be made again.
async fn free_one(browser: &Browser) {
    browser.tap(".places > li:not(.libre) summary").await;
    browser.click("Libérer").await;
    browser.tap("input[name=issue]").await;
    browser
        .fill("motif", "Sortie du suivi décidée en atelier.")
        .await;
    browser
        .tap("main form[method=post] button[type=submit]")
        .await;
    browser.says("4 entreprises clés sur 5").await;
}

async fn open_territory(browser: &Browser, name: &str) {
    browser.visit("/territoires").await;
    browser.click(name).await;
    browser.find(".places").await;
}

#[tokio::test]
async fn a_deposit_is_previewed_confirmed_and_taken_back() {
    if !is_available() {
        return;
    }
    let program = Program::start().await;
    for setting in [
        Setting::default(),
        Setting {
            scripts: false,
            ..Setting::default()
        },
    ] {
        let browser = Browser::open(&program, setting).await;
        browser.sign_in(&program, "admin").await;
        browser.visit("/imports/nouveau").await;
        browser.deposit("fichiers", &model_of_two_companies()).await;
        browser
            .tap("main form[method=post] button[type=submit]")
            .await;
        browser.says("Rien n’est encore enregistré").await;
        browser.says("clé de contrôle fausse").await;
        browser.click("Confirmer").await;
        browser.says("EXEMPLE ESSAI DE NAVIGATION").await;
        browser.visit("/entreprises?q=essai de navigasion").await;
        browser.says("EXEMPLE ESSAI DE NAVIGATION").await;
        browser.visit("/imports").await;
        browser.tap("main tbody th a").await;
        browser.click("Annuler").await;
        browser
            .tap("main form[method=post] button[type=submit]")
            .await;
        browser.says("annulé").await;
        browser.close().await;
    }
}

/// Our simple table: one company to create, one line to reject.
fn model_of_two_companies() -> String {
    "siret;nom;code_commune;naf;effectif;annee_effectif\n\
     00002001600010;EXEMPLE ESSAI DE NAVIGATION;81004;25.62B;24;2025\n\
     00002001600011;EXEMPLE CLE FAUSSE;81004;25.62B;24;2025\n"
        .to_owned()
}

#[tokio::test]
async fn the_list_is_filtered_and_leaves_as_a_file() {
    if !is_available() {
        return;
    }
    let program = Program::start().await;
    let browser = Browser::open(&program, Setting::default()).await;
    browser.sign_in(&program, "staff").await;
    browser.visit("/entreprises?q=granit").await;
    browser.says("GRANIT").await;
    let link = browser
        .find("main a[href*='/entreprises/export.csv']")
        .await;
    let path = link
        .attr("href")
        .await
        .expect("a link")
        .expect("an address");
    let text = browser.fetch(&path).await;
    assert!(
        text.contains("GRANIT") && !text.contains("BOULANGERIE"),
        "{text}"
    );
    browser.close().await;
}

#[tokio::test]
async fn a_place_is_given_with_the_keyboard_alone() {
    if !is_available() {
        return;
    }
    let program = Program::start().await;
    let browser = Browser::open(&program, Setting::default()).await;
    let (email, password) = program.account("staff");
    browser.visit("/connexion").await;
    browser.tab_to("email").await;
    browser.keys(email).await;
    browser.tab_to("mot_de_passe").await;
    browser.keys(password).await;
    browser.press_enter().await;
    browser.find("form[action='/deconnexion']").await;
    browser.tab_to("Territoires").await;
    browser.press_enter().await;
    browser.find("main table, main .liste").await;
    browser.tab_to(ROOM).await;
    browser.press_enter().await;
    browser.find(".places").await;
    browser.tab_to("Choisir dans le vivier").await;
    browser.press_enter().await;
    browser.says("vivier").await;
    browser.tab_to("Choisir EXEMPLE").await;
    browser.press_enter().await;
    browser.tab_to("motif").await;
    browser.keys(MOTIVE).await;
    browser.tab_to("referent").await;
    browser.arrow_down().await;
    browser.tab_to("Donner la place").await;
    browser.press_enter().await;
    browser.says(MOTIVE).await;
    browser.close().await;
}

#[tokio::test]
async fn a_full_territory_shows_its_five_names_to_staff_and_none_to_an_elected_official() {
    if !is_available() {
        return;
    }
    let program = Program::start().await;
    let staff = Browser::open(&program, Setting::default()).await;
    staff.sign_in(&program, "staff").await;
    open_territory(&staff, FULL).await;
    assert!(staff.words().await.contains("EXEMPLE"));
    let path = staff.path().await;
    staff.close().await;
    let elected = Browser::open(
        &program,
        Setting {
            size: (375, 740),
            ..Setting::default()
        },
    )
    .await;
    elected.sign_in(&program, "elected").await;
    elected.visit(&path).await;
    let words = elected.words().await;
    assert!(words.contains('5') && !words.contains("EXEMPLE"), "{words}");
    elected.close().await;
}

#[tokio::test]
async fn a_notice_becomes_an_alert_that_is_taken_and_closed() {
    if !is_available() {
        return;
    }
    let program = Program::start().await;
    let phone_without_scripts = Setting {
        scripts: false,
        size: (375, 740),
        ..Setting::default()
    };
    for (rank, setting) in [Setting::default(), phone_without_scripts]
        .into_iter()
        .enumerate()
    {
        let browser = Browser::open(&program, setting).await;
        browser.sign_in(&program, "staff").await;
        let name = alarm(&browser, rank).await;
        browser.click(&name).await;
        browser.says("redressement judiciaire").await;
        browser.click("Prendre en charge").await;
        browser.says("Vous suivez cette alerte.").await;
        browser.click("Classer").await;
        browser.tap("input[name=issue][value=met]").await;
        browser.fill("motif", MOTIVE).await;
        browser.click("Classer l’alerte").await;
        browser
            .says("Alerte classée : Entreprise rencontrée.")
            .await;
        browser.says(MOTIVE).await;
        browser.close().await;
    }
    let browser = Browser::open(&program, Setting::default()).await;
    browser.sign_in(&program, "staff").await;
    let name = alarm(&browser, 2).await;
    browser.tab_to(&format!("{name}|")).await;
    browser.press_enter().await;
    browser.says("redressement judiciaire").await;
    browser.tab_to("Prendre en charge").await;
    browser.press_enter().await;
    browser.says("Vous suivez cette alerte.").await;
    browser.tab_to("Classer").await;
    browser.press_enter().await;
    browser.tab_to("issue").await;
    browser.keys(" ").await;
    browser.tab_to("motif").await;
    browser.keys(MOTIVE).await;
    browser.tab_to("Classer l’alerte").await;
    browser.press_enter().await;
    browser.says("Alerte classée").await;
    browser.close().await;
}

/// Imports a notice about the key company of this rank, and waits for its alert in the queue; gives the
/// company's name.
pub async fn alarm(browser: &Browser, rank: usize) -> String {
    alarm_among(browser, ("/entreprises?cle=oui", "/alertes"), rank).await
}

/// The same for the company of this rank in a list, and the queue that shows its alert.
pub async fn alarm_among(browser: &Browser, (list, queue): (&str, &str), rank: usize) -> String {
    browser.visit(list).await;
    let company = browser
        .find(&format!("main tbody tr:nth-child({}) th a", rank + 1))
        .await;
    let name = company.text().await.expect("a name");
    let address = company
        .attr("href")
        .await
        .expect("a link")
        .expect("an address");
    let siren = address.rsplit('/').next().expect("a SIREN").to_owned();
    browser.visit("/imports/nouveau").await;
    browser.deposit("fichiers", &notice(&siren, rank)).await;
    browser
        .tap("main form[method=post] button[type=submit]")
        .await;
    browser.says("Rien n’est encore enregistré").await;
    browser.click("Confirmer").await;
    browser.says("Import enregistré").await;
    // The program looks at what is new every two seconds. The company may have an alert already: it is
    // the notice that is waited for.
    let told = format!("annonce A20250031{}", 1101 + rank);
    let more = if queue.contains('?') { '&' } else { '?' };
    let pages = [queue.to_owned(), format!("{queue}{more}page=2")];
    for page in pages.iter().cycle().take(120) {
        browser.visit(page).await;
        if browser.words().await.contains(&told) {
            return name;
        }
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
    }
    panic!("no alert on {name}:\n{}", browser.words().await);
}

/// An opening of receivership, as the legal gazette publishes it.
fn notice(siren: &str, rank: usize) -> String {
    let number = 1101 + rank;
    format!(
        r#"{{"total_count":1,"results":[{{"id":"A20250031{number}","publicationavis":"A","parution":"20250031",
        "dateparution":"2025-02-14","numeroannonce":{number},"typeavis":"annonce","familleavis":"collective",
        "numerodepartement":"81","tribunal":"GREFFE D'ALBI","commercant":"EXEMPLE","ville":"Albi","cp":"81000",
        "registre":["{siren}"],
        "listepersonnes":"{{\"personne\": {{\"typePersonne\": \"pm\", \"numeroImmatriculation\": {{\"numeroIdentification\": \"{siren}\"}}}}}}",
        "jugement":"{{\"type\": \"initial\", \"famille\": \"Jugement\", \"nature\": \"Jugement d'ouverture d'une procédure de redressement judiciaire\", \"date\": \"2025-02-04\"}}",
        "radiationaurcs":null,"depot":null,"parutionavisprecedent":null}}]}}"#
    )
}
