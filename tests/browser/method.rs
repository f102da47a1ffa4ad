//! The whole method on an empty database: companies are imported, five are named, one alarms; a workshop
//! decides, the president meets its head, a plan acts, its jobs stay; an elected official prints the page.

use chrono::{Datelike as _, Days, NaiveDate};

use super::browser::{Browser, Setting, is_available};
use super::journeys::alarm_among;
use super::program::Program;
use vigie::platform::clock::Clock;

const TERRITORY: &str = "Gaillac-Graulhet";
const MOTIVE: &str = "Premier employeur de la vallée, sans repreneur connu.";
const PASSWORD: &str = "quatre mots choisis au hasard 4817";
const COMPANIES: u32 = 5;
const NEED: &str = "Un atelier de 800 m² de plain-pied";
const RESULT: &str = "Bail signé pour neuf ans à Graulhet.";

#[tokio::test]
async fn an_empty_database_goes_from_the_import_to_the_page_of_the_elected_official() {
    if !is_available() {
        return;
    }
    let program = Program::start_empty().await;
    let desk = Setting {
        scripts: false,
        ..Setting::default()
    };
    let admin = Browser::open(&program, desk).await;
    become_administrator(&admin, program.first_link()).await;
    let [staff, elected] = [("staff", "Claire Martin"), ("elected", "Jean Rouquette")];
    let (staff, elected) = (
        enter(&program, &admin, staff).await,
        enter(&program, &admin, elected).await,
    );
    let today = today();
    deposit(&staff, &companies(today)).await;
    deposit(&staff, &jobs(today)).await;
    name_five(&staff, today - Days::new(400)).await;
    elected.visit("/indicateurs").await;
    elected.says("5 sur 80 places").await;
    elected.says("dont 0 suivie depuis douze mois").await;

    let company = alarm_among(&staff, ("/entreprises?cle=oui", "/alertes"), 0).await;
    staff.click(&company).await;
    staff.click("Prendre en charge").await;
    staff.says("Vous suivez cette alerte.").await;
    decide_in_workshop(&staff, &company, today).await;
    meet_at_the_highest_level(&staff, &company, today).await;
    act(&staff, today).await;

    staff.visit("/indicateurs/maintenues").await;
    staff.says(&company).await;
    for reader in [&staff, &elected] {
        reader.visit("/indicateurs").await;
        reader.says("dont 1 suivie depuis douze mois").await;
        reader.says("Aucune perdue.").await;
    }
    print(&elected, &company).await;
    for browser in [admin, staff, elected] {
        browser.close().await;
    }
}

/// The day in France; the journey begins and ends on the same one but around midnight.
fn today() -> NaiveDate {
    Clock::system().today()
}

async fn become_administrator(admin: &Browser, link: &str) {
    admin.visit(link).await;
    admin.fill("nom", "Alice Garrigue").await;
    admin.fill("email", "alice@tarn.example").await;
    admin.fill("mot_de_passe", PASSWORD).await;
    admin.click("Enregistrer et entrer").await;
    admin.find("form[action='/deconnexion']").await;
}

/// Invites a person, who opens the link on a browser of their own.
async fn enter(program: &Program, admin: &Browser, (role, name): (&str, &str)) -> Browser {
    admin.visit("/utilisateurs/inviter").await;
    admin.fill("nom", name).await;
    admin.fill("email", &format!("{role}@tarn.example")).await;
    admin.tap(&format!("main [name=role][value={role}]")).await;
    admin.choose_second("organisation").await;
    admin.click("Inviter").await;
    let link = admin.find("#lien").await;
    let link = link.value().await.expect("a field").expect("a link");
    let path = link.trim().strip_prefix(&program.url).expect("a path");
    let setting = Setting {
        scripts: false,
        ..Setting::default()
    };
    let browser = Browser::open(program, setting).await;
    browser.visit(path).await;
    browser.fill("mot_de_passe", PASSWORD).await;
    browser.click("Enregistrer et entrer").await;
    browser.find("form[action='/deconnexion']").await;
    browser
}

/// The number of an establishment, with its keys.
fn siret(number: u32) -> String {
    let siren = with_key(&format!("9900{number:04}"));
    with_key(&format!("{siren}0001"))
}

/// Digits followed by their key after Luhn.
fn with_key(digits: &str) -> String {
    let sum: u32 = digits
        .chars()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = digit.to_digit(10).expect("a digit") * if place % 2 == 0 { 2 } else { 1 };
            value / 10 + value % 10
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

fn companies(today: NaiveDate) -> String {
    let year = today.year() - 2;
    let lines = (1..=COMPANIES).map(|number| {
        let (siret, commune) = (
            siret(number),
            if number % 2 == 0 { "81099" } else { "81105" },
        );
        format!(
            "{siret};EXEMPLE MÉTHODE {number};{commune};25.62B;{};{year}\n",
            40 + number
        )
    });
    format!(
        "siret;nom;code_commune;naf;effectif;annee_effectif\n{}",
        lines.collect::<String>()
    )
}

/// Their jobs before they were named, and of last month.
fn jobs(today: NaiveDate) -> String {
    let month = |days| (today - Days::new(days)).format("%Y-%m").to_string();
    let lines = (1..=COMPANIES).flat_map(|number| {
        [month(430), month(35)].map(|month| format!("{};{month};{}\n", siret(number), 40 + number))
    });
    format!("siret;mois;effectif\n{}", lines.collect::<String>())
}

async fn deposit(staff: &Browser, text: &str) {
    staff.visit("/imports/nouveau").await;
    staff.deposit("fichiers", text).await;
    staff
        .tap("main form[method=post] button[type=submit]")
        .await;
    staff.says("Rien n’est encore enregistré").await;
    staff.click("Confirmer").await;
    staff.says("Import enregistré").await;
}

async fn name_five(staff: &Browser, since: NaiveDate) {
    staff.visit("/territoires").await;
    staff.click(TERRITORY).await;
    staff.find(".places").await;
    let territory = staff.path().await;
    for held in 1..=COMPANIES {
        staff.visit(&format!("{territory}/vivier")).await;
        staff.tap("a.choisir").await;
        staff.fill("motif", MOTIVE).await;
        staff.choose_second("referent").await;
        staff.set("date", &since.to_string()).await;
        staff.click("Donner la place").await;
        staff.says(&format!("{held} entreprise")).await;
    }
}

/// The workshop of this evening: the alert puts its company on the agenda, where it is to be met.
async fn decide_in_workshop(staff: &Browser, company: &str, today: NaiveDate) {
    staff.visit("/ateliers").await;
    staff.click("Préparer un atelier").await;
    staff.fill("titre", "Atelier de Gaillac").await;
    staff.pick(TERRITORY).await;
    staff.set("jour", &today.to_string()).await;
    staff.set("heure", "23:59").await;
    staff.fill("lieu", "Mairie de Gaillac").await;
    staff.click("Enregistrer").await;
    staff.says("Atelier créé.").await;
    let workshop = staff.path().await;
    staff.click("Choisir les entreprises").await;
    staff
        .pick(&format!("{company} ({TERRITORY}), alerte ouverte"))
        .await;
    staff.click("Ajouter à l’ordre du jour").await;
    staff.says("1 entreprise ajoutée.").await;
    staff.visit(&workshop).await;
    staff.click("Décider").await;
    staff.tap("[name=decision][value=meet]").await;
    staff.fill("quoi", "Le président voit le dirigeant").await;
    staff.choose_second("qui").await;
    staff
        .set("echeance", &(today + Days::new(20)).to_string())
        .await;
    staff.click("Décider").await;
    staff.says("Décision enregistrée.").await;
}

/// Planned for today, prepared on one page, held: a need is told.
async fn meet_at_the_highest_level(staff: &Browser, company: &str, today: NaiveDate) {
    staff.visit("/entreprises?cle=oui").await;
    staff.click(company).await;
    staff
        .click("Prévoir un rendez-vous au plus haut niveau")
        .await;
    staff.fill("dirigeant", "Odile Fabre").await;
    staff.fill("dirigeant_fonction", "Présidente").await;
    staff.fill("representant", "Paul Astruc").await;
    staff.tap("[name=fonction][value=president]").await;
    staff.set("date", &today.to_string()).await;
    staff.fill("heure", "23:58").await;
    staff.fill("lieu", "Hôtel du Département").await;
    staff
        .tap("main form[method=post] button[type=submit]")
        .await;
    staff.says("Odile Fabre").await;
    let meeting = staff.path().await;
    staff.click("Préparer ce rendez-vous").await;
    staff.says("redressement judiciaire").await;
    staff.visit(&format!("{meeting}/entretien")).await;
    staff
        .fill("essentiel", "La dirigeante veut rester et s’agrandir.")
        .await;
    staff.set("date", &today.to_string()).await;
    staff.fill("besoin_land", NEED).await;
    staff.click("Enregistrer").await;
    staff.says("Entretien enregistré.").await;
    staff.visit(&meeting).await;
    staff.says(NEED).await;
}

/// The need becomes an action of a plan that it opens; the action is done.
async fn act(staff: &Browser, today: NaiveDate) {
    staff.click("En faire une action").await;
    staff
        .fill("objectif", "Garder l’atelier dans la vallée.")
        .await;
    staff.fill("titre", "Trouver un atelier plus grand").await;
    for list in ["mesure", "pilote"] {
        staff
            .tap(&format!("main select[name={list}] optgroup option"))
            .await;
    }
    staff.set("debut", &today.to_string()).await;
    staff
        .set("echeance", &(today + Days::new(60)).to_string())
        .await;
    staff.click("Enregistrer").await;
    staff.says("Trouver un atelier plus grand").await;
    staff.tap("main a[href$='/etat/faite']").await;
    staff.fill("resultat", RESULT).await;
    staff
        .tap("main form[method=post] button[type=submit]")
        .await;
    staff.says(RESULT).await;
}

/// One page, with the two figures and no company beside a level.
async fn print(elected: &Browser, company: &str) {
    elected.click("Rapport d’une page").await;
    elected.says("5 sur 5").await;
    let words = elected.words().await;
    for hidden in [company, "redressement", RESULT, NEED] {
        assert!(!words.contains(hidden), "{hidden} in {words}");
    }
    let file = elected.fetch("/indicateurs/rapport.pdf").await;
    assert!(file.starts_with("%PDF"), "{file:.100}");
}
