//! Invented plans: actions of every dossier and status, some late, and a plan that is closed.

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::cast::Cast;
use super::portfolio::Site;
use super::{ADVISER_TERRITORIES, Failure, queries};
use crate::auth::users::StaffMember;
use crate::features::plans::model;
use crate::features::plans::queries::parts::{self, NewFunder, NewNote};
use crate::features::plans::queries::writing::{self, NewAction, NewStatus};
use crate::platform::clock::Clock;

/// What each plan is for, by the rank of its company.
const OBJECTIVES: [&str; 4] = [
    "Garder l’atelier et ses emplois sur le site actuel.",
    "Former la relève avant les départs en retraite de 2028.",
    "Réussir la transmission à un repreneur local.",
    "Accompagner l’extension et l’arrivée de trente personnes.",
];

/// An invented action.
struct Invented {
    /// Rank of the company, and so of the plan.
    rank: usize,
    title: &'static str,
    measure: &'static str,
    /// Who carries it out; nobody for the council.
    owner: &'static str,
    /// From and until, in days from today.
    days: (i64, i64),
    /// Planned and spent.
    euros: (i64, i64),
    /// Who pays, and how much.
    funder: (&'static str, i64),
    /// Status, what it says, who can unblock.
    status: (&'static str, &'static str, &'static str),
    is_shared: bool,
}

const fn action(
    rank: usize,
    title: &'static str,
    measure: &'static str,
    owner: &'static str,
    days: (i64, i64),
    is_shared: bool,
) -> Invented {
    Invented {
        rank,
        title,
        measure,
        owner,
        days,
        euros: (0, 0),
        funder: ("", 0),
        status: ("todo", "", ""),
        is_shared,
    }
}

impl Invented {
    const fn costs(self, planned: i64, spent: i64, funder: &'static str, amount: i64) -> Self {
        Self {
            euros: (planned, spent),
            funder: (funder, amount),
            ..self
        }
    }

    const fn is(self, status: &'static str, words: &'static str, who: &'static str) -> Self {
        Self {
            status: (status, words, who),
            ..self
        }
    }
}

const ACTIONS: [Invented; 12] = [
    action(
        0,
        "Trouver un local de stockage proche",
        "support",
        "",
        (-60, -6),
        false,
    )
    .costs(8_000, 2_500, "", 0)
    .is("ongoing", "", ""),
    action(
        0,
        "Mettre la cabine de peinture aux normes",
        "compliance",
        "Hugo Bonnet",
        (-90, 30),
        true,
    )
    .costs(120_000, 45_000, "EXEMPLE Région", 40_000)
    .is(
        "blocked",
        "L’assureur attend un second devis",
        "le bureau de contrôle",
    ),
    action(
        0,
        "Déplacer l’arrêt de car devant l’atelier",
        "works",
        "",
        (-30, 75),
        true,
    )
    .costs(15_000, 0, "", 0),
    action(
        1,
        "Ouvrir une classe de soudage au lycée",
        "skills",
        "Karine Durand",
        (-120, -14),
        true,
    )
    .costs(60_000, 66_500, "EXEMPLE Région", 30_000)
    .is(
        "done",
        "Douze élèves inscrits, trois en alternance dans l’entreprise.",
        "",
    ),
    action(
        1,
        "Recruter deux régleurs",
        "hiring",
        "Maud Calvet",
        (-20, 12),
        true,
    )
    .is("ongoing", "", ""),
    action(
        1,
        "Tester un alliage avec l’école d’ingénieurs",
        "university",
        "",
        (-45, -2),
        false,
    )
    .costs(25_000, 0, "", 0),
    action(
        2,
        "Réunir les cadres candidats à la reprise",
        "succession",
        "Hugo Bonnet",
        (-15, 5),
        true,
    ),
    action(
        2,
        "Chercher un repreneur hors du département",
        "succession",
        "",
        (-200, -100),
        false,
    )
    .is(
        "dropped",
        "Le dirigeant préfère un repreneur parmi ses cadres.",
        "",
    ),
    action(
        2,
        "Sécuriser la cuve avant la vente",
        "pollution",
        "",
        (-10, 60),
        false,
    )
    .costs(18_000, 0, "EXEMPLE Agence de l’eau", 9_000),
    action(
        3,
        "Raccorder l’extension au réseau de chaleur",
        "network",
        "",
        (-30, 120),
        true,
    )
    .costs(90_000, 12_000, "", 0)
    .is("ongoing", "", ""),
    action(
        3,
        "Viabiliser la parcelle voisine",
        "investment",
        "",
        (5, 150),
        true,
    )
    .costs(240_000, 0, "", 0),
    action(
        3,
        "Partager un banc d’essai avec le voisin",
        "companies",
        "",
        (-5, 45),
        true,
    ),
];

/// Writes them.
pub async fn draw_up(
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
        staff,
        organisation: queries::organisation_of(conn, staff.id).await?,
        sites: own,
        today: clock.today(),
        now: clock.now(),
    };
    for (rank, objective) in OBJECTIVES.into_iter().enumerate() {
        scene.plan(conn, rank, objective).await?;
    }
    scene.closed(conn).await
}

struct Scene<'a> {
    staff: &'a StaffMember,
    organisation: Uuid,
    sites: &'a [&'a Site],
    today: NaiveDate,
    now: DateTime<Utc>,
}

impl Scene<'_> {
    fn siren(&self, rank: usize) -> &str {
        &self.sites[rank % self.sites.len()].siret[..9]
    }

    fn day(&self, days: i64) -> NaiveDate {
        self.today + Duration::days(days)
    }

    async fn open(
        &self,
        conn: &mut PgConnection,
        rank: usize,
        objective: &str,
        days_ago: i64,
    ) -> sqlx::Result<Option<Uuid>> {
        let moment = (self.day(-days_ago), self.now - Duration::days(days_ago));
        let new = (self.siren(rank), objective);
        writing::open(conn, new, None, self.staff.id, moment).await
    }

    async fn plan(
        &self,
        conn: &mut PgConnection,
        rank: usize,
        objective: &str,
    ) -> Result<(), Failure> {
        // A département with few companies gives the same one to two ranks.
        let Some(plan) = self.open(conn, rank, objective, 210).await? else {
            return Ok(());
        };
        for invented in ACTIONS.iter().filter(|one| one.rank == rank) {
            self.act(conn, plan, invented).await?;
        }
        Ok(())
    }

    async fn act(
        &self,
        conn: &mut PgConnection,
        plan: Uuid,
        one: &Invented,
    ) -> Result<(), Failure> {
        let new = self.new_action(conn, one).await?;
        let id = writing::insert(conn, (plan, None), &new, self.staff.id, self.now).await?;
        if one.funder.1 > 0 {
            let funder = NewFunder {
                organisation_id: None,
                typed_name: one.funder.0.to_owned(),
                amount: one.funder.1,
            };
            parts::add_funder(conn, id, &funder).await?;
        }
        if new.is_shared {
            parts::add_step(conn, id, "Réunir les personnes concernées").await?;
            parts::add_step(conn, id, "Écrire le calendrier").await?;
            let note = NewNote {
                noted_on: self.day(-3),
                text: "Point fait avec l’entreprise\u{a0}: le calendrier tient.".to_owned(),
                is_shared: true,
            };
            let author = (
                self.staff.id,
                self.staff.full_name.as_str(),
                self.organisation,
            );
            parts::add_note(conn, id, &note, author, self.now).await?;
        }
        let status = self.status(one);
        if status.status != "todo" {
            writing::follow(conn, (id, 1), &status).await?;
        }
        Ok(())
    }

    async fn new_action(
        &self,
        conn: &mut PgConnection,
        one: &Invented,
    ) -> Result<NewAction, Failure> {
        let carrier = queries::carrier(conn, one.owner).await?;
        let (measure, dossier) = model::measure(one.measure).unwrap_or(model::FIRST_MEASURE);
        let amount = |euros: i64| (euros > 0).then_some(euros);
        let (organisation, person, user) = carrier
            .map_or((self.organisation, None, Some(self.staff.id)), |who| {
                (who.organisation, who.person, who.account)
            });
        Ok(NewAction {
            dossier: dossier.code(),
            measure,
            title: one.title.to_owned(),
            owner_organisation_id: organisation,
            owner_person_id: person,
            owner_user_id: user,
            partner_organisation_id: None,
            elected_referent: String::new(),
            starts_on: self.day(one.days.0),
            due_on: self.day(one.days.1),
            planned_euros: amount(one.euros.0),
            spent_euros: amount(one.euros.1),
            is_shared: one.is_shared,
            expected: ["none", "positive", "strong", "none"].map(str::to_owned),
        })
    }

    fn status(&self, one: &Invented) -> NewStatus {
        let (status, words, who) = one.status;
        let said = |on: &str| if status == on { words } else { "" }.to_owned();
        let is_ended = matches!(status, "done" | "dropped");
        let seen = if status == "done" {
            [None, Some("strong"), Some("positive"), None]
        } else {
            [None; 4]
        };
        NewStatus {
            status,
            reason: said("blocked") + &said("dropped"),
            unblocker: who.to_owned(),
            result: said("done"),
            ended_on: is_ended.then(|| self.day(one.days.1)),
            spent_euros: None,
            seen: seen.map(|code| code.map(str::to_owned)),
        }
    }

    /// A plan that reached its aim two months ago, of a company that has none now.
    async fn closed(&self, conn: &mut PgConnection) -> Result<(), Failure> {
        let rank = OBJECTIVES.len();
        let objective = "Passer l’hiver sans fermer la seconde ligne.";
        let Some(plan) = self.open(conn, rank, objective, 400).await? else {
            return Ok(());
        };
        let done = action(
            rank,
            "Obtenir l’activité partielle",
            "support",
            "Maud Calvet",
            (-390, -300),
            true,
        )
        .is("done", "Six personnes gardées pendant quatre mois.", "");
        self.act(conn, plan, &done).await?;
        let motive = "La seconde ligne tourne à nouveau et personne n’est parti.";
        let closed_on = self.today - Days::new(60);
        let said = ("maintained", motive);
        writing::close(conn, (plan, 1), said, self.staff.id, closed_on).await?;
        Ok(())
    }
}
