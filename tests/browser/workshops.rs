//! From an alert to the next workshop, by three people who never see more than they may: the council,
//! an adviser on a phone, a guest who has no account. Without scripts.

use chrono::{Days, NaiveDate};

use super::browser::{Browser, Setting, is_available};
use super::journeys::alarm_among;
use super::post::{Letter, Post};
use super::program::Program;

/// The adviser's first territory: its key companies, its alerts, its name.
const LIST: &str = "/entreprises?cle=oui&territoire=248100430";
const QUEUE: &str = "/alertes?territoire=248100430";
const TERRITORY: &str = "Castres-Mazamet";
/// The guest without an account, and the adviser, as the demonstration's partners know them.
const BANKER: &str = "Thibault Valat";
const BANK: &str = "EXEMPLE Banque des territoires ruraux";
const BANK_MAIL: &str = "contact50@partenaire.example";
const ADVISER: &str = "Hugo Bonnet";
const ADVISER_MAIL: &str = "contact00@partenaire.example";
/// Words that only the council may read.
const SECRETS: [&str; 2] = ["GLYCINE", "LAVANDE"];
const SAID: &str = "Une échéance de mars est reportée de deux mois.";
const POSITION: &str = "Nous pouvons accompagner la trésorerie.";
const DECIDED: &str = "Voir le dirigeant avant la fin du mois";

struct Journey {
    post: Post,
    staff: Browser,
    adviser: Browser,
    guest: Browser,
    today: NaiveDate,
    siren: String,
    company: String,
}

#[tokio::test]
async fn an_alert_leads_to_a_workshop_a_meeting_a_red_flag_and_the_next_workshop() {
    if !is_available() {
        return;
    }
    let post = Post::start().await;
    let program = Program::start_mailing(&post).await;
    let desk = Setting {
        scripts: false,
        ..Setting::default()
    };
    let phone = Setting {
        size: (375, 740),
        ..desk
    };
    let staff = Browser::open(&program, desk).await;
    staff.sign_in(&program, "staff").await;
    let adviser = Browser::open(&program, phone).await;
    adviser.sign_in(&program, "adviser").await;
    let mut journey = Journey {
        company: alarm_among(&staff, (LIST, QUEUE), 0).await,
        siren: first_siren(&staff).await,
        today: today(&staff).await,
        guest: Browser::open(&program, phone).await,
        post,
        staff,
        adviser,
    };
    let workshop = journey.prepare().await;
    journey.guest_answers(&workshop).await;
    journey.hold(&workshop).await;
    journey.decide(&workshop).await;
    journey.tell(&workshop).await;
    journey.meet().await;
    let next = journey.follow(&workshop).await;
    journey.adviser_saw_nothing(&[&workshop, &next]).await;
    nothing_for_the_elected(&program, &workshop, &journey).await;
    for browser in [journey.staff, journey.adviser, journey.guest] {
        browser.close().await;
    }
}

/// The number of the first company of the list.
async fn first_siren(staff: &Browser) -> String {
    staff.visit(LIST).await;
    let link = staff.find("main tbody tr:first-child th a").await;
    let address = link
        .attr("href")
        .await
        .expect("a link")
        .expect("an address");
    address.rsplit('/').next().expect("a SIREN").to_owned()
}

/// The program's day, as its forms propose it.
async fn today(staff: &Browser) -> NaiveDate {
    staff.visit(LIST).await;
    staff.tap("main tbody th a").await;
    staff.click("Noter une rencontre").await;
    let field = staff.find("main [name=date]").await;
    let day = field.attr("value").await.expect("a field");
    day.expect("a day").parse().expect("a day")
}

impl Journey {
    fn day(&self, ahead: u64) -> String {
        (self.today + Days::new(ahead)).to_string()
    }

    /// Creates a workshop from its form; gives its path.
    async fn plan(&self, title: &str, (ahead, hour): (u64, &str)) -> String {
        self.staff.visit("/ateliers").await;
        self.staff.click("Préparer un atelier").await;
        self.staff.fill("titre", title).await;
        self.staff.pick(TERRITORY).await;
        self.staff.set("jour", &self.day(ahead)).await;
        self.staff.set("heure", hour).await;
        self.staff.fill("lieu", "Hôtel du Département, Albi").await;
        self.staff.click("Enregistrer").await;
        self.staff.says("Atelier créé.").await;
        self.staff.path().await
    }

    /// This very evening, so that it is still to come for those invited and its day is there. The alert puts its company on the agenda; the guests are invited.
    async fn prepare(&self) -> String {
        let staff = &self.staff;
        let path = self.plan("Atelier de la vallée", (0, "23:59")).await;
        staff.click("Choisir les entreprises").await;
        let proposed = format!("{} ({TERRITORY}), alerte ouverte", self.company);
        staff.pick(&proposed).await;
        staff.click("Ajouter à l’ordre du jour").await;
        staff.says("1 entreprise ajoutée.").await;
        staff.visit(&format!("{path}/invites")).await;
        staff.pick(&format!("{BANKER}, {BANK}")).await;
        staff
            .pick(&format!("{ADVISER}, EXEMPLE Chambre de commerce"))
            .await;
        staff.click("Ajouter à la liste").await;
        staff.says("2 invités ajoutés").await;
        staff.click("Envoyer les invitations").await;
        staff.says("Rien n’est encore parti").await;
        staff.click("Envoyer ces 2 courriels").await;
        staff.says("2 courriels partent.").await;
        path
    }

    /// The guest's door shows the invitation and opens nothing else.
    async fn guest_answers(&self, workshop: &str) {
        let letter = self.post.letter(BANK_MAIL, "Atelier de la vallée").await;
        let guest = &self.guest;
        let door = letter.path("/invitation/");
        guest.visit(&door).await;
        guest.says("Atelier de la vallée").await;
        guest.says(&format!("{BANKER}, {BANK}")).await;
        guest.tap("[name=reponse][value=yes]").await;
        guest.click("Répondre").await;
        guest.says("Réponse enregistrée : vous venez.").await;
        assert!(!guest.words().await.contains(&self.company));
        for path in [workshop, "/ateliers", &self.company_path()] {
            guest.visit(path).await;
            guest.says("Se connecter").await;
            let words = guest.words().await;
            assert!(!words.contains(&self.company), "{words}");
        }
        self.staff.visit(workshop).await;
        self.staff.says(&format!("{BANKER}, {BANK} : Vient")).await;
    }

    fn company_path(&self) -> String {
        format!("/entreprises/{}", self.siren)
    }

    /// Both write at the same company; what is the council's stays with it.
    async fn hold(&self, workshop: &str) {
        let (staff, adviser) = (&self.staff, &self.adviser);
        staff.visit(&format!("{workshop}/presences")).await;
        for name in [BANKER, ADVISER] {
            staff.click(&format!("Présent, {name}")).await;
            staff.says("Présence notée.").await;
        }
        staff.click("Passer à la première entreprise").await;
        staff.pick("Réservé au Département").await;
        staff.pick(BANK).await;
        let secret = format!("{} : la banque hésite.", SECRETS[0]);
        staff.fill("texte", &secret).await;
        staff.click("Noter").await;
        staff.says(&secret).await;
        staff.pick(BANK).await;
        staff.fill("texte", SAID).await;
        staff.click("Noter").await;
        staff.says(SAID).await;

        adviser.visit("/ateliers").await;
        adviser.click("Atelier de la vallée").await;
        adviser.says("Ordre du jour").await;
        adviser.click(&self.company).await;
        adviser.says(SAID).await;
        adviser.pick("Position").await;
        adviser.fill("texte", POSITION).await;
        adviser.click("Noter").await;
        adviser.says(POSITION).await;
        let words = adviser.words().await;
        for hidden in [SECRETS[0], "Réservé", "Alerte ouverte", "Décider"] {
            assert!(!words.contains(hidden), "{hidden} in {words}");
        }
    }

    /// The decision is given to the adviser, who finds it.
    async fn decide(&self, workshop: &str) {
        let (staff, adviser) = (&self.staff, &self.adviser);
        staff
            .visit(&format!("{workshop}/entreprises/{}", self.siren))
            .await;
        staff.says(POSITION).await;
        staff.tap("[name=decision][value=meet]").await;
        staff.fill("quoi", DECIDED).await;
        staff.pick(&format!("{ADVISER}, ")).await;
        staff.set("echeance", &self.day(20)).await;
        staff.click("Décider").await;
        staff.says("Décision enregistrée.").await;
        adviser.visit(workshop).await;
        adviser.says(DECIDED).await;
    }

    /// Minutes go to both guests, with what was shared and nothing else.
    async fn tell(&self, workshop: &str) {
        let staff = &self.staff;
        staff.visit(workshop).await;
        staff.click("Relire le compte rendu").await;
        staff.says(SAID).await;
        assert!(!staff.words().await.contains(SECRETS[0]));
        staff.click("Relire le courriel et l’envoyer").await;
        staff.click("Envoyer ces 2 courriels").await;
        staff.says("2 courriels partent.").await;
        for to in [BANK_MAIL, ADVISER_MAIL] {
            let letter = self.post.letter(to, "ci-dessous et en PDF").await;
            for told in [SAID, POSITION, DECIDED] {
                assert!(
                    letter.words().contains(told),
                    "{told} in {}",
                    letter.words()
                );
            }
        }
        self.adviser
            .visit(&format!("{workshop}/compte-rendu"))
            .await;
        self.adviser.says(SAID).await;
    }

    /// The adviser goes there and notes it on the phone; the council keeps a note of its own.
    async fn meet(&mut self) {
        let (staff, adviser) = (&self.staff, &self.adviser);
        adviser.visit(&self.company_path()).await;
        adviser.tap(".barre a").await;
        adviser
            .fill("essentiel", "Le premier client réduit ses commandes.")
            .await;
        adviser.tap("main [name=format][value=visit]").await;
        adviser.tap("details.volet summary").await;
        adviser.tap("main [name=signal]").await;
        adviser.tap("main [name=partage]").await;
        adviser.click("Enregistrer").await;
        adviser.says("Rencontre enregistrée.").await;
        adviser.visit(&self.company_path()).await;
        adviser
            .says("Le premier client réduit ses commandes.")
            .await;

        staff.visit(&self.company_path()).await;
        staff.says("Le premier client réduit ses commandes.").await;
        let signals = staff.find("#signaux ~ ul.grille").await;
        let signals = signals.text().await.expect("a list");
        assert!(signals.contains("réduit ses commandes"), "{signals}");
        staff.click("Noter une rencontre").await;
        staff.fill("essentiel", "Appel du dirigeant.").await;
        staff.tap("main [name=format][value=call]").await;
        staff.tap("details.volet summary").await;
        staff.tap("main [name=partage]").await;
        staff
            .fill("confidentiel", &format!("{} : cession en vue.", SECRETS[1]))
            .await;
        staff.click("Enregistrer").await;
        staff.says("Rencontre enregistrée.").await;
    }

    /// The next workshop opens with what was decided, and the adviser says that it is done.
    async fn follow(&self, workshop: &str) -> String {
        let (staff, adviser) = (&self.staff, &self.adviser);
        let next = self.plan("Atelier suivant", (60, "14:30")).await;
        staff.says("Décidé la dernière fois : fait ?").await;
        staff.says(DECIDED).await;
        staff.click("Choisir les entreprises").await;
        staff
            .says(&format!("{} ({TERRITORY}), alerte ouverte", self.company))
            .await;
        assert_ne!(&next, workshop);
        adviser.visit(&next).await;
        adviser.says("Décidé la dernière fois : fait ?").await;
        adviser.says(DECIDED).await;
        adviser
            .tap_in(&format!("//main//li[contains(., '{DECIDED}')]//button"))
            .await;
        adviser.says("Décision faite.").await;
        staff.visit(&next).await;
        staff.says("Ordre du jour").await;
        let words = staff.words().await;
        assert!(!words.contains(DECIDED), "{words}");
        next
    }

    /// Every page that the adviser is led to, and every mail, without a word of the council's own.
    async fn adviser_saw_nothing(&self, workshops: &[&str]) {
        let mut starts = vec![
            "/".to_owned(),
            "/ateliers".to_owned(),
            "/rencontres".to_owned(),
            "/compte/courriels/apercu".to_owned(),
            self.company_path(),
        ];
        starts.extend(workshops.iter().map(|path| (*path).to_owned()));
        starts.extend(SECRETS.map(|secret| format!("/recherche?q={secret}")));
        let mut paths = starts.clone();
        for start in &starts {
            self.adviser.visit(start).await;
            paths.extend(self.adviser.links().await);
        }
        paths.sort();
        paths.dedup();
        assert!(paths.len() > 20, "{paths:?}");
        for path in &paths {
            let text = self.adviser.fetch(path).await;
            // The search says what was searched for.
            let told = text.replace(path.as_str(), "");
            for secret in SECRETS {
                let is_query = path.contains(secret);
                assert!(is_query || !told.contains(secret), "{secret} in {path}");
            }
        }
        for secret in SECRETS {
            self.adviser.visit(&format!("/recherche?q={secret}")).await;
            let words = self.adviser.words().await;
            assert!(!words.contains("hésite") && !words.contains("cession"));
        }
        let letters: Vec<Letter> = self.post.letters();
        assert!(letters.len() >= 4);
        for letter in letters {
            let words = letter.words();
            for secret in SECRETS {
                assert!(
                    !words.contains(secret),
                    "{secret} to {}:\n{words}",
                    letter.to
                );
            }
        }
    }
}

/// An elected official reads numbers of territories, no company and no workshop.
async fn nothing_for_the_elected(program: &Program, workshop: &str, journey: &Journey) {
    let setting = Setting {
        scripts: false,
        ..Setting::default()
    };
    let elected = Browser::open(program, setting).await;
    elected.sign_in(program, "elected").await;
    elected.visit("/territoires").await;
    elected.says(TERRITORY).await;
    for path in [workshop, "/ateliers", "/alertes", &journey.company_path()] {
        elected.visit(path).await;
        elected.says("réservé").await;
        let words = elected.words().await;
        for hidden in [&journey.company, SAID, DECIDED] {
            assert!(!words.contains(hidden), "{hidden} in {path}: {words}");
        }
    }
    elected.close().await;
}
