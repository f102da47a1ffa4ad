//! Two invented workshops of the adviser's first territory: one that was held and told, one to come.

use chrono::{DateTime, Days, NaiveDate, TimeZone as _, Utc};
use chrono_tz::Europe::Paris;
use sqlx::PgConnection;
use uuid::Uuid;

use super::cast::Cast;
use super::portfolio::Site;
use super::{ADVISER_TERRITORIES, Failure, queries};
use crate::auth::users::StaffMember;
use crate::features::workshops::NewWorkshop;
use crate::features::workshops::keep_as_sent;
use crate::features::workshops::queries::answers::{self, Answer};
use crate::features::workshops::queries::decisions::{self, NewDecision, Outcome};
use crate::features::workshops::queries::room::{self, NewEntry};
use crate::features::workshops::queries::{self as workshops, agenda, guests};
use crate::platform::clock::Clock;
use crate::web::filters::long_date;

/// Days since the workshop that was held, and until the one to come.
const HELD_AGO: u64 = 49;
const AHEAD: u64 = 16;

/// Who was there, and whether they came.
const CAME: [(&str, bool); 5] = [
    ("Hugo Bonnet", true),
    ("Thibault Valat", true),
    ("Maud Calvet", true),
    ("Karine Durand", true),
    ("Bastien Azaïs", false),
];

/// Which company, by its rank; who says it; what; as an entry of which kind.
const SAID: [(usize, &str, &str, &str); 7] = [
    (
        0,
        "Hugo Bonnet",
        "shared",
        "Deux devis importants attendent une réponse depuis l’été.",
    ),
    (
        0,
        "Thibault Valat",
        "position",
        "Nous suivons l’entreprise et pouvons revoir l’échéancier avec elle.",
    ),
    (
        1,
        "Maud Calvet",
        "shared",
        "Une demande d’activité partielle est en cours pour six personnes.",
    ),
    (
        1,
        "Karine Durand",
        "position",
        "Le lycée peut accueillir trois salariés en formation dès janvier.",
    ),
    (
        2,
        "Hugo Bonnet",
        "shared",
        "Le dirigeant prépare sa retraite et cherche un repreneur parmi ses cadres.",
    ),
    (
        2,
        "",
        "confidential",
        "Un repreneur s’est fait connaître du Département\u{a0}: à garder pour nous.",
    ),
    (
        3,
        "Thibault Valat",
        "shared",
        "Le projet d’extension est financé.",
    ),
];

/// One decision: on which company, of which kind, what, by whom (nobody for the council), due in how
/// many days from today, and how it ended.
struct Decided {
    rank: usize,
    kind: &'static str,
    text: &'static str,
    owner: &'static str,
    due_in: i64,
    done: Option<&'static str>,
}

const DECIDED: [Decided; 4] = [
    Decided {
        rank: 0,
        kind: "meet",
        text: "Rencontrer la direction sur son plan de trésorerie",
        owner: "",
        due_in: -9,
        done: None,
    },
    Decided {
        rank: 1,
        kind: "act",
        text: "Monter le plan de formation avec le lycée",
        owner: "Karine Durand",
        due_in: -20,
        done: Some("Convention signée, trois départs en formation."),
    },
    Decided {
        rank: 2,
        kind: "refer",
        text: "Présenter le réseau de transmission au dirigeant",
        owner: "Hugo Bonnet",
        due_in: 24,
        done: None,
    },
    Decided {
        rank: 3,
        kind: "watch",
        text: "Revoir l’entreprise quand l’extension sera livrée",
        owner: "Thibault Valat",
        due_in: 90,
        done: None,
    },
];

/// What is answered to the invitation, by the guest or, when the last is true, by phone.
const ANSWERED: [(&str, &str, &str, bool); 4] = [
    ("Thibault Valat", "yes", "", false),
    ("Karine Durand", "yes", "", true),
    ("Bastien Azaïs", "no", "", false),
    ("Maud Calvet", "replaced", "Jeanne Sicard", false),
];

/// Writes them.
pub async fn hold(
    conn: &mut PgConnection,
    staff: &StaffMember,
    cast: &Cast<'_>,
    clock: &Clock,
) -> Result<(), Failure> {
    let is_first = |own: &&Vec<&Site>| own[0].territory == ADVISER_TERRITORIES[0];
    let territories = cast.territories();
    let Some(own) = territories.iter().find(is_first).or(territories.first()) else {
        return Ok(());
    };
    let scene = Scene {
        staff: staff.id,
        organisation: queries::organisation_of(conn, staff.id).await?,
        sites: own,
        today: clock.today(),
    };
    scene.held(conn).await?;
    scene.to_come(conn).await
}

struct Scene<'a> {
    staff: Uuid,
    organisation: Uuid,
    sites: &'a [&'a Site],
    today: NaiveDate,
}

/// An hour of a day in France.
fn at(day: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    day.and_hms_opt(hour, minute, 0)
        .and_then(|local| Paris.from_local_datetime(&local).earliest())
        .map_or_else(
            || day.and_time(chrono::NaiveTime::MIN).and_utc(),
            |at| at.to_utc(),
        )
}

impl Scene<'_> {
    fn siren(&self, rank: usize) -> &str {
        &self.sites[rank % self.sites.len()].siret[..9]
    }

    async fn plan(
        &self,
        conn: &mut PgConnection,
        day: NaiveDate,
        (created_on, video_url): (NaiveDate, &str),
    ) -> sqlx::Result<Uuid> {
        let new = NewWorkshop {
            title: format!("Atelier de partage, {}", long_date(day)),
            held_at: at(day, 14, 30),
            duration_minutes: 120,
            place: "Maison des entreprises, salle Jaurès".to_owned(),
            video_url: video_url.to_owned(),
            territory_siren: Some(self.sites[0].territory.clone()),
        };
        workshops::insert(conn, &new, self.staff, at(created_on, 9, 0)).await
    }

    /// Adds a person of a partner to the guests.
    async fn invite(
        &self,
        conn: &mut PgConnection,
        workshop: Uuid,
        name: &str,
        on: NaiveDate,
    ) -> sqlx::Result<()> {
        if let Some((person, _)) = queries::partner_person(conn, name).await? {
            guests::add(conn, workshop, &[format!("p:{person}")], at(on, 9, 30)).await?;
        }
        Ok(())
    }

    async fn guest(
        conn: &mut PgConnection,
        workshop: Uuid,
        name: &str,
    ) -> sqlx::Result<Option<guests::Guest>> {
        let all = guests::guests(conn, workshop).await?;
        Ok(all.into_iter().find(|guest| guest.person_name == name))
    }

    async fn held(&self, conn: &mut PgConnection) -> Result<(), Failure> {
        let day = self.today - Days::new(HELD_AGO);
        let prepared = day - Days::new(30);
        let workshop = self.plan(conn, day, (prepared, "")).await?;
        for rank in 0..4 {
            agenda::add(conn, workshop, self.siren(rank), "not_reviewed").await?;
        }
        for (name, _) in CAME {
            self.invite(conn, workshop, name, prepared).await?;
        }
        guests::mark_invited(conn, workshop, at(prepared, 10, 0)).await?;
        for (name, came) in CAME {
            let Some(guest) = Self::guest(conn, workshop, name).await? else {
                continue;
            };
            let own = Answer {
                code: if came { "yes" } else { "no" },
                replacement: "",
                replacement_email: "",
                noted: None,
            };
            let answered_at = at(prepared + Days::new(4), 11, 15);
            answers::answer(conn, guest.id, own, answered_at).await?;
            guests::tick(conn, workshop, guest.id, Some(came)).await?;
        }
        self.say(conn, workshop, day).await?;
        self.decide(conn, workshop, day).await?;
        let signature = (self.staff, self.organisation);
        let sent_at = at(day + Days::new(2), 10, 20);
        keep_as_sent(conn, workshop, signature, sent_at).await?;
        self.finish(conn, workshop).await
    }

    async fn say(
        &self,
        conn: &mut PgConnection,
        workshop: Uuid,
        day: NaiveDate,
    ) -> Result<(), Failure> {
        for (minute, (rank, name, kind, text)) in (0..).zip(SAID) {
            let known = queries::partner_person(conn, name).await?;
            let new = NewEntry {
                kind: kind.to_owned(),
                organisation_id: known.map_or(self.organisation, |(_, organisation)| organisation),
                text: text.to_owned(),
            };
            let place = (workshop, self.siren(rank));
            room::insert(conn, place, &new, self.staff, at(day, 14, 35 + minute)).await?;
        }
        Ok(())
    }

    async fn decide(
        &self,
        conn: &mut PgConnection,
        workshop: Uuid,
        day: NaiveDate,
    ) -> Result<(), Failure> {
        for decided in &DECIDED {
            let guest = Self::guest(conn, workshop, decided.owner).await?;
            let owner = match guest {
                Some(guest) => format!("g:{}", guest.id),
                None => format!("u:{}", self.staff),
            };
            let new = NewDecision {
                kind: decided.kind.to_owned(),
                text: decided.text.to_owned(),
                owner,
                due_on: self.today + chrono::Duration::days(decided.due_in),
            };
            let place = (workshop, self.siren(decided.rank));
            decisions::insert(conn, place, &new, self.staff, at(day, 16, 0)).await?;
        }
        Ok(())
    }

    /// What came of the decisions since.
    async fn finish(&self, conn: &mut PgConnection, workshop: Uuid) -> Result<(), Failure> {
        for decided in &DECIDED {
            let Some(said) = decided.done else { continue };
            let siren = self.siren(decided.rank);
            let (id, version) = queries::last_decision(conn, workshop, siren).await?;
            let due_on = self.today + chrono::Duration::days(decided.due_in);
            let outcome = Outcome {
                status: "done",
                due_on,
                done_on: Some(due_on - Days::new(3)),
                said: said.to_owned(),
            };
            decisions::follow(conn, id, version, &outcome).await?;
        }
        Ok(())
    }

    async fn to_come(&self, conn: &mut PgConnection) -> Result<(), Failure> {
        let day = self.today + Days::new(AHEAD);
        let prepared = self.today - Days::new(8);
        let video = "https://visio.vigie.example/atelier-de-partage";
        let workshop = self.plan(conn, day, (prepared, video)).await?;
        let now = at(self.today, 8, 0);
        let territory = Some(self.sites[0].territory.as_str());
        let proposed = agenda::proposals(conn, workshop, territory, now).await?;
        for one in proposed.iter().take(3) {
            agenda::add(conn, workshop, &one.siren, &one.reason).await?;
        }
        for rank in [4, 1] {
            agenda::add(conn, workshop, self.siren(rank), "chosen").await?;
        }
        for (name, _) in CAME {
            self.invite(conn, workshop, name, prepared).await?;
        }
        guests::mark_invited(conn, workshop, at(prepared, 10, 0)).await?;
        for (days, (name, code, replacement, by_phone)) in (2..).zip(ANSWERED) {
            let Some(guest) = Self::guest(conn, workshop, name).await? else {
                continue;
            };
            let answer = Answer {
                code,
                replacement,
                replacement_email: "",
                noted: by_phone.then_some((self.staff, guest.version)),
            };
            let answered_at = at(prepared + Days::new(days), 15, 40);
            answers::answer(conn, guest.id, answer, answered_at).await?;
        }
        Ok(())
    }
}
