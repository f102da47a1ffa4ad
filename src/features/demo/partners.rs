//! Invented partners: who could help, on what and where.

use chrono::Days;
use sqlx::PgConnection;

use super::{ADVISER_TERRITORIES, queries};
use crate::domain::{Dossier, OrganisationKind};
use crate::features::organisations::acts::{self, NewOrganisation};
use crate::features::organisations::people::{self, NewPerson};
use crate::features::organisations::provide;
use crate::platform::clock::Clock;

use Dossier::{Accessibility, Environment, Land, Research, Training};

/// One invented partner.
struct Partner {
    name: &'static str,
    kind: OrganisationKind,
    /// None works everywhere.
    territories: Option<&'static [&'static str]>,
    skills: &'static [(Dossier, &'static str)],
    /// Name and job title.
    people: &'static [(&'static str, &'static str)],
}

/// Two rural territories, where the demonstration's adviser works.
const RURAL: &[&str] = &["200034056", "200066561"];

const PARTNERS: [Partner; 9] = [
    Partner {
        name: "EXEMPLE Chambre de commerce et d’industrie",
        kind: OrganisationKind::Cci,
        territories: Some(&ADVISER_TERRITORIES),
        skills: &[
            (Training, "transmission"),
            (Training, "recrutement"),
            (Land, "locaux"),
        ],
        people: &[
            ("Hugo Bonnet", "Conseiller aux entreprises"),
            ("Salomé Rouquié", "Directrice adjointe"),
        ],
    },
    Partner {
        name: "EXEMPLE Chambre de métiers et de l’artisanat",
        kind: OrganisationKind::Cma,
        territories: None,
        skills: &[(Training, "apprentissage"), (Training, "transmission")],
        people: &[("Bastien Azaïs", "Conseiller transmission")],
    },
    Partner {
        name: "EXEMPLE Direction départementale de l’emploi",
        kind: OrganisationKind::State,
        territories: None,
        skills: &[(Training, "activité partielle"), (Training, "compétences")],
        people: &[("Maud Calvet", "Responsable mutations économiques")],
    },
    Partner {
        name: "EXEMPLE Communauté de communes des Deux-Rives",
        kind: OrganisationKind::Epci,
        territories: Some(RURAL),
        skills: &[(Land, "zones d’activités"), (Accessibility, "desserte")],
        people: &[("Yves Puech", "Chargé du développement économique")],
    },
    Partner {
        name: "EXEMPLE Agence régionale de l’eau",
        kind: OrganisationKind::Public,
        territories: None,
        skills: &[(Environment, "rejets"), (Environment, "économies d’eau")],
        people: &[("Leïla Cros", "Ingénieure")],
    },
    Partner {
        name: "EXEMPLE Banque des territoires ruraux",
        kind: OrganisationKind::Bank,
        territories: None,
        skills: &[(Land, "immobilier d’entreprise"), (Environment, "")],
        people: &[
            ("Thibault Valat", "Chargé d’affaires"),
            ("Agnès Mialhe", "Analyste crédit"),
        ],
    },
    Partner {
        name: "EXEMPLE Laboratoire des matériaux souples",
        kind: OrganisationKind::Laboratory,
        territories: None,
        skills: &[
            (Research, "textile technique"),
            (Research, "cuir"),
            (Environment, "teinture"),
        ],
        people: &[("Inès Roudil", "Directrice de recherche")],
    },
    Partner {
        name: "EXEMPLE Lycée des métiers du Pastel",
        kind: OrganisationKind::Training,
        territories: Some(&["248100430"]),
        skills: &[(Training, "usinage"), (Training, "apprentissage")],
        people: &[("Karine Durand", "Directrice déléguée aux formations")],
    },
    Partner {
        name: "EXEMPLE Bureau d’études Passerelle",
        kind: OrganisationKind::Company,
        territories: None,
        skills: &[
            (Accessibility, "mise en accessibilité"),
            (Land, "mise en conformité"),
        ],
        people: &[("Denis Gau", "Gérant")],
    },
];

/// Writes them, the adviser's own organisation among them.
pub async fn invent(conn: &mut PgConnection, clock: &Clock) -> sqlx::Result<()> {
    for (rank, partner) in PARTNERS.iter().enumerate() {
        let id = provide(conn, partner.name, partner.kind).await?;
        let version = queries::organisation_version(conn, id).await?;
        let new = NewOrganisation {
            name: partner.name.to_owned(),
            kind: partner.kind,
            siren: None,
            email: format!("accueil{rank}@partenaire.example"),
            // 05 36 49: numbers that the regulator keeps for fiction.
            phone: format!("05364{:05}", 95_000 + rank),
            website: String::new(),
            note: None,
            covers_everywhere: partner.territories.is_none(),
            territories: partner
                .territories
                .unwrap_or_default()
                .iter()
                .map(|siren| (*siren).to_owned())
                .collect(),
            skills: partner
                .skills
                .iter()
                .map(|(dossier, theme)| (*dossier, (*theme).to_owned()))
                .collect(),
        };
        acts::update(conn, id, version, &new).await?;
        let mut account = queries::account_of(conn, id).await?;
        for (place, (name, title)) in partner.people.iter().enumerate() {
            let person = NewPerson {
                full_name: (*name).to_owned(),
                job_title: (*title).to_owned(),
                email: format!("contact{rank}{place}@partenaire.example"),
                phone: format!("05364{:05}", 96_000 + rank * 10 + place),
                user_id: account.take(),
                source: "Carte de visite".to_owned(),
                last_contact_on: Some(clock.today() - Days::new(20 + 13 * rank as u64)),
            };
            people::insert(conn, id, &person, clock.now()).await?;
        }
    }
    Ok(())
}
