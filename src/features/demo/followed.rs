//! Which invented companies hold a place, since when, with which contacts and facts.

use chrono::{Days, NaiveDate, Utc};
use sqlx::PgConnection;

use super::Failure;
use super::cast::Cast;
use super::portfolio::Site;
use super::{met, queries};
use crate::auth::users::StaffMember;
use crate::features::contacts::queries::{self as contacts, NewContact};
use crate::features::key_companies::criteria::Criterion;
use crate::features::key_companies::facts::{self, NewFact};
use crate::features::key_companies::outcome::Outcome;
use crate::features::key_companies::places::{self, Choice, Exit, Signature};
use crate::features::meetings::queries::log::Author;
use crate::platform::clock::Clock;

/// Places held in each territory, in turn: some full, some to fill, one empty.
const HELD: [usize; 8] = [5, 4, 5, 3, 5, 4, 2, 0];

const MOTIVES: [&str; 5] = [
    "Premier employeur privé du bassin, dont dépendent plusieurs sous-traitants.",
    "Seule activité de ce type à moins d’une heure\u{202f}; sa fermeture laisserait un vide.",
    "Savoir-faire reconnu et projet d’agrandissement à accompagner.",
    "Transmission à préparer\u{a0}: le dirigeant part dans les trois ans.",
    "Site en bord de rivière\u{a0}: une fermeture laisserait une dépollution à la collectivité.",
];

const HEADS: [(&str, &str); 6] = [
    ("Nadia Ferrand", "Présidente"),
    ("Lucien Astruc", "Gérant"),
    ("Élise Pradal", "Directrice de site"),
    ("Karim Bousquet", "Directeur général"),
    ("Margaux Delmas", "Responsable des ressources humaines"),
    ("Paul Cabrol", "Directeur administratif et financier"),
];

/// Puts companies in places as the months would have, and states what people know of them.
pub async fn follow(
    conn: &mut PgConnection,
    staff: &StaffMember,
    cast: &Cast<'_>,
    clock: &Clock,
) -> Result<(), Failure> {
    let author = Author {
        id: staff.id,
        name: &staff.full_name,
        organisation: queries::organisation_of(conn, staff.id).await?,
        by_council: true,
    };
    for (rank, own) in cast.territories().iter().enumerate() {
        let held = HELD[rank % HELD.len()];
        let round = Round { staff, clock, rank };
        for (place, site) in own.iter().take(held).enumerate() {
            round.enter(conn, site, place).await?;
            round.describe(conn, site, place).await?;
            met::meet(conn, author, site, rank * 5 + place, clock).await?;
        }
        if held == 5 && own.len() > 5 {
            round.replace_last(conn, own[4], own[5]).await?;
        }
    }
    Ok(())
}

/// One territory of the demonstration.
struct Round<'a> {
    staff: &'a StaffMember,
    clock: &'a Clock,
    rank: usize,
}

impl Round<'_> {
    fn day(&self, days_ago: u64) -> NaiveDate {
        self.clock.today() - Days::new(days_ago)
    }

    /// The staff member, as they would have signed that day.
    fn signature(&self, day: NaiveDate) -> Signature {
        let at = day
            .and_hms_opt(9, 30, 0)
            .map_or_else(|| self.clock.now(), |at| at.and_utc());
        let now: chrono::DateTime<Utc> = self.clock.now();
        Signature {
            actor_id: Some(self.staff.id),
            actor_name: self.staff.full_name.clone(),
            at: at.min(now),
            today: self.clock.today(),
        }
    }

    fn choice(&self, site: &Site, slot: i16, day: NaiveDate, motive: &str) -> Choice {
        Choice {
            territory: site.territory.clone(),
            siret: site.siret.clone(),
            slot: Some(slot),
            is_group_site: false,
            referent_id: self.staff.id,
            entered_on: day,
            motive: motive.to_owned(),
        }
    }

    async fn enter(
        &self,
        conn: &mut PgConnection,
        site: &Site,
        place: usize,
    ) -> Result<(), Failure> {
        let day = self.day(60 + 41 * ((self.rank * 5 + place * 7) % 20) as u64);
        let motive = MOTIVES[(self.rank + place) % MOTIVES.len()];
        let choice = self.choice(site, slot(place), day, motive);
        places::choose(conn, &self.signature(day), &choice).await?;
        Ok(())
    }

    /// The fifth place of a full territory has changed hands: the history has something to tell.
    async fn replace_last(
        &self,
        conn: &mut PgConnection,
        old: &Site,
        new: &Site,
    ) -> Result<(), Failure> {
        let day = self.day(20 + self.rank as u64);
        let held = super::queries::holder(conn, &old.siret).await?;
        let exit = Exit {
            on: day,
            outcome: if self.rank.is_multiple_of(2) {
                Outcome::Maintained
            } else {
                Outcome::Other
            },
            motive:
                "L’activité est consolidée\u{a0}: la place revient à une entreprise plus exposée."
                    .to_owned(),
        };
        let motive = "Carnet de commandes en baisse et locaux à mettre en conformité.";
        let choice = self.choice(new, 5, day, motive);
        places::replace(conn, &self.signature(day), held, &exit, &choice).await?;
        self.describe(conn, new, 5).await
    }

    /// A head to call, and two or three facts that no register tells.
    async fn describe(
        &self,
        conn: &mut PgConnection,
        site: &Site,
        place: usize,
    ) -> Result<(), Failure> {
        let person = (self.rank * 2 + place) % HEADS.len();
        let (name, title) = HEADS[person];
        let contact = NewContact {
            full_name: name.to_owned(),
            job_title: title.to_owned(),
            email: format!("contact.{}@entreprise.example", &site.siret[5..9]),
            // 05 36 49: numbers that the regulator keeps for fiction.
            phone: format!("05364{:05}", 90_000 + self.rank * 100 + place),
            note: String::new(),
            source: "Entretien de présentation".to_owned(),
            last_contact_on: Some(self.day(25 + place as u64 * 11)),
        };
        contacts::insert(conn, &site.siret[..9], &contact, self.clock.now()).await?;
        for (criterion, worth, note) in known_facts(site, self.rank + place) {
            let fact = NewFact {
                siret: site.siret.clone(),
                criterion,
                worth,
                note: note.to_owned(),
                noted_on: self.day(30 + place as u64 * 9),
                author_id: self.staff.id,
            };
            facts::state(conn, &fact, None, self.clock.now()).await?;
        }
        Ok(())
    }
}

fn slot(place: usize) -> i16 {
    i16::try_from(place + 1).unwrap_or(5)
}

/// Facts in keeping with the trade; never all seven, because nobody knows everything.
fn known_facts(site: &Site, turn: usize) -> Vec<(Criterion, u8, &'static str)> {
    let division = &site.trade.naf[..2];
    let mut facts = Vec::new();
    if matches!(division, "15" | "20" | "21" | "25" | "38") {
        facts.push((
            Criterion::Environment,
            67,
            "Site classé\u{202f}; cuves et rejets suivis par l’inspection.",
        ));
    }
    if matches!(division, "13" | "21" | "23" | "26" | "30" | "31") {
        facts.push((
            Criterion::KnowHow,
            67,
            "Gestes de métier longs à acquérir, école interne.",
        ));
    }
    if site.jobs > 40 {
        facts.push((
            Criterion::Dependents,
            67,
            "Trois sous-traitants locaux cités en entretien.",
        ));
    }
    if turn.is_multiple_of(3) {
        facts.push((
            Criterion::Fiscal,
            67,
            "Parmi les dix premiers contributeurs, selon l’EPCI.",
        ));
    }
    facts
}
