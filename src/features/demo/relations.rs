//! Invented needs and offers, and introductions at every stage.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::cast::Cast;
use super::{ADVISER_TERRITORIES, Failure, queries};
use crate::auth::users::StaffMember;
use crate::features::matching::queries::Bearer;
use crate::features::matching::queries::writing::{self, Author, NewEntry, Party, Step};
use crate::platform::clock::Clock;

/// Rank of a company, or somebody of an organisation.
enum Who {
    Company(usize),
    Of(&'static str),
}

/// Who, side, theme, text, days since it was said, whether it is shared.
type Said = (Who, &'static str, &'static str, &'static str, i64, bool);

const SAID: [Said; 6] = [
    (
        Who::Company(0),
        "need",
        "textile",
        "Essayer une toile qui résiste au feu sur de petites séries",
        40,
        true,
    ),
    (
        Who::Company(1),
        "need",
        "skills",
        "Former deux personnes au soudage de l’aluminium",
        25,
        true,
    ),
    (
        Who::Company(2),
        "need",
        "succession",
        "Trouver un cadre prêt à reprendre l’atelier",
        12,
        false,
    ),
    (
        Who::Company(3),
        "offer",
        "textile",
        "Prêter un métier d’essai deux jours par mois",
        30,
        true,
    ),
    (
        Who::Of("Inès Roudil"),
        "offer",
        "textile",
        "Caractériser des toiles techniques en trois semaines",
        60,
        true,
    ),
    (
        Who::Of("Karine Durand"),
        "offer",
        "skills",
        "Ouvrir douze places en soudage à la rentrée",
        50,
        true,
    ),
];

/// Need, offer, days since it was proposed, steps that follow: state, days since, what was said.
type Met = (
    usize,
    usize,
    i64,
    &'static [(&'static str, i64, &'static str)],
);

const MET: [Met; 2] = [
    (
        0,
        4,
        30,
        &[
            ("accepted", 24, ""),
            (
                "met",
                10,
                "Visite du laboratoire, deux toiles laissées à l’essai.",
            ),
        ],
    ),
    (
        1,
        5,
        20,
        &[
            ("accepted", 15, ""),
            (
                "pursued",
                4,
                "Deux places réservées, financement demandé à la Région.",
            ),
        ],
    ),
];

/// Writes them.
pub async fn introduce(
    conn: &mut PgConnection,
    staff: &StaffMember,
    cast: &Cast<'_>,
    clock: &Clock,
) -> Result<(), Failure> {
    let territories = cast.territories();
    let is_first = |own: &&Vec<&super::portfolio::Site>| own[0].territory == ADVISER_TERRITORIES[0];
    let Some(own) = territories.iter().find(is_first).or(territories.first()) else {
        return Ok(());
    };
    let scene = Scene {
        by: Author {
            id: staff.id,
            name: &staff.full_name,
            organisation: queries::organisation_of(conn, staff.id).await?,
            council: true,
        },
        sirens: own.iter().map(|site| &site.siret[..9]).collect(),
        today: clock.today(),
        now: clock.now(),
    };
    let mut entries = Vec::new();
    for said in &SAID {
        entries.push(scene.say(conn, said).await?);
    }
    for (need, offer, days, steps) in &MET {
        if let (Some((need, _)), Some((offer, bearer))) = (&entries[*need], &entries[*offer]) {
            let party = Party {
                siren: bearer.siren.clone(),
                organisation_id: bearer.organisation_id,
                offer_id: Some(*offer),
            };
            scene.meet(conn, *need, &party, *days, steps).await?;
        }
    }
    Ok(())
}

struct Scene<'a> {
    by: Author<'a>,
    sirens: Vec<&'a str>,
    today: NaiveDate,
    now: DateTime<Utc>,
}

impl Scene<'_> {
    async fn bearer(&self, conn: &mut PgConnection, who: &Who) -> Result<Option<Bearer>, Failure> {
        Ok(match who {
            Who::Company(rank) => Some(Bearer {
                siren: Some(self.sirens[rank % self.sirens.len()].to_owned()),
                organisation_id: None,
                name: String::new(),
            }),
            Who::Of(name) => queries::carrier(conn, name).await?.map(|carrier| Bearer {
                siren: None,
                organisation_id: Some(carrier.organisation),
                name: String::new(),
            }),
        })
    }

    async fn say(
        &self,
        conn: &mut PgConnection,
        (who, side, theme, text, days, is_shared): &Said,
    ) -> Result<Option<(Uuid, Bearer)>, Failure> {
        let Some(bearer) = self.bearer(conn, who).await? else {
            return Ok(None);
        };
        let new = NewEntry {
            side,
            theme: (*theme).to_owned(),
            text: (*text).to_owned(),
            said_on: self.today - Duration::days(*days),
            is_shared: *is_shared,
        };
        let id = writing::insert(conn, &bearer, &new, None, self.by, self.now).await?;
        Ok(id.map(|id| (id, bearer)))
    }

    async fn meet(
        &self,
        conn: &mut PgConnection,
        need: Uuid,
        party: &Party,
        days: i64,
        steps: &[(&'static str, i64, &'static str)],
    ) -> Result<(), Failure> {
        let step = |state, days, note: &str| Step {
            state,
            on: self.today - Duration::days(days),
            note: note.to_owned(),
        };
        let first = step("proposed", days, "");
        let Some(id) = writing::propose(conn, need, party, &first, self.by, self.now).await? else {
            return Ok(());
        };
        for ((state, days, note), version) in steps.iter().zip(1..) {
            let next = step(state, *days, note);
            writing::follow(conn, (id, version), &next, self.by, self.now).await?;
        }
        Ok(())
    }
}
